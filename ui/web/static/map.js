// The map's own part in the browser: layers that keep their place while their data change, the view, the picks.
// Whatever people typed arrives as data and is shown with textContent; nothing of it is ever code or markup.
"use strict";
(function () {
  const KEPT = 24;
  const kept = new Map(); // address -> promise of its data
  const slots = {}; // kind -> {url, drawing}
  const mulin = (window.mulin = { draw: {}, timings: {}, words: {} });
  let map, fitted, moved = false, waiting = 0;

  mulin.el = function (tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  mulin.start = function (target, options) {
    map = mulin.map = target;
    mulin.words = options.words;
    const box = map.getContainer();
    box.style.height = "100vh";
    box.style.width = "100%";
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", options.words.map);
    map.attributionControl.setPrefix("Leaflet");
    [["ground", 210], ["buildings", 410], ["outline", 420], ["results", 440], ["points", 450], ["venues", 460], ["labels", 470]]
      .forEach(([name, depth]) => { map.createPane(name).style.zIndex = depth; });
    ["buildings", "outline", "labels"].forEach((name) => { map.getPane(name).style.pointerEvents = "none"; });
    mulin.notice = box.appendChild(mulin.el("div", "mulin-notice"));
    mulin.busy = box.appendChild(mulin.el("div", "mulin-busy"));
    mulin.notice.setAttribute("role", "status");
    addFit(options.words.fit);
    mulin.listen();
    map.on("dragstart", () => { moved = true; });
    box.addEventListener("wheel", () => { moved = true; }, { passive: true });
    new ResizeObserver(resized).observe(box);
  };

  // --- the view -----------------------------------------------------------------------------------------------
  mulin.view = function (view) {
    window.feature_group = []; // the bridge has taken the old ones off the map but would keep them all
    mulin.notes(view.notes);
    if (fitted && fitted.key === view.key) return;
    const first = !fitted;
    fitted = view;
    moved = false;
    fit(!first);
  };

  function fit(animate) {
    if (!fitted || !fitted.bounds) return;
    const snap = map.options.zoomSnap;
    map.options.zoomSnap = 0; // exactly as large as it can be; the zoom buttons go on in their own steps
    map.fitBounds(fitted.bounds, { padding: [14, 14], animate, duration: 0.4 });
    map.options.zoomSnap = snap;
  }

  function resized() {
    map.invalidateSize({ pan: false });
    if (!moved) fit(false);
  }

  function addFit(label) {
    const control = new L.Control({ position: "topleft" });
    control.onAdd = function () {
      const bar = mulin.el("div", "leaflet-bar mulin-fit"), button = bar.appendChild(mulin.el("a", "", "\u2922"));
      button.href = "#";
      button.title = label;
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", label);
      L.DomEvent.disableClickPropagation(bar);
      L.DomEvent.on(button, "click", (event) => { L.DomEvent.stop(event); moved = false; fit(true); });
      return bar;
    };
    control.addTo(map);
  }

  mulin.notes = function (notes) {
    mulin.notesBox = mulin.notesBox || map.getContainer().appendChild(mulin.el("div", "mulin-notes"));
    mulin.notesBox.replaceChildren(...(notes || []).map((note) => mulin.el("span", "", note)));
  };

  // --- layers -------------------------------------------------------------------------------------------------
  // The bridge takes its group off and puts a new one on at every change; a slot outlives that and swaps its drawing
  // only when the new data are here, so nothing blinks.
  const Handle = L.Layer.extend({
    initialize(kind, url) { this.kind = kind; this.url = url; },
    onAdd() { want(this.kind, this.url, this); },
    onRemove() { const slot = slots[this.kind]; setTimeout(() => slot.handle === this && drop(this.kind), 0); },
  });
  mulin.layer = (kind, url) => new Handle(kind, url);

  function want(kind, url, handle) {
    const slot = (slots[kind] = slots[kind] || {});
    slot.handle = handle;
    if (slot.url === url) return;
    slot.url = url;
    fetchInto(kind, slot, "");
  }

  function drop(kind) {
    if (slots[kind].drawing) slots[kind].drawing.remove();
    delete slots[kind];
  }

  mulin.again = (kind, window) => slots[kind] && fetchInto(kind, slots[kind], window);

  function fetchInto(kind, slot, window) {
    const url = slot.url + window, asked = performance.now();
    slot.asked = url;
    load(url).then((data) => {
      if (slot.asked !== url || slots[kind] !== slot) return;
      const old = slot.drawing;
      slot.drawing = mulin.draw[kind](data, kind);
      if (old) old.remove();
      slot.drawing.addTo(map);
      mulin.notice.textContent = "";
      requestAnimationFrame(() => setTimeout(() => painted(kind, data.features.length, asked), 0));
    }).catch((error) => {
      if (slot.asked === url) slot.url = slot.asked = null;
      mulin.notice.textContent = error.status === 401 ? mulin.words.signed_out : mulin.words.failed;
    });
  }

  // For the bench and the tests: how long from asking to the frame after the drawing.
  function painted(kind, count, asked) {
    mulin.timings[kind] = { count, ms: performance.now() - asked, at: performance.timeOrigin + performance.now() };
    mulin.arrange();
  }

  function load(url) {
    if (!kept.has(url)) {
      busy(1);
      const got = fetch(url, { credentials: "same-origin" }).then((answer) => {
        if (!answer.ok) throw answer;
        return answer.json();
      }).finally(() => busy(-1));
      got.catch(() => kept.delete(url));
      kept.set(url, got);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(url);
  }

  function busy(step) {
    waiting += step;
    mulin.busy.classList.toggle("on", waiting > 0);
  }

  mulin.drawing = (kind) => slots[kind] && slots[kind].drawing;
})();
