// Reach: points are paint, so the keyboard gets a button for each: one stop for Tab, arrows go on, Enter is the click.
"use strict";
(function () {
  const mulin = window.mulin;
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  mulin.reach = function (layer, hits) {
    const box = layer._reach || (layer._reach = made(layer));
    const held = box.contains(document.activeElement) ? document.activeElement.textContent : null;
    const inOrder = hits.slice().sort((a, b) => Math.round(a.y / 24) - Math.round(b.y / 24) || a.x - b.x);
    const spots = inOrder.map((hit) => spot(layer, hit));
    box.replaceChildren(...spots);
    const first = spots.find((one) => one.textContent === held) || spots[0];
    if (first) first.tabIndex = 0;
    if (first && held !== null) first.focus({ preventScroll: true });
  };

  function made(layer) {
    const box = layer.getPane().appendChild(mulin.el("div", "mulin-reach"));
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", mulin.words.points);
    box.addEventListener("keydown", (event) => {
      const step = STEPS[event.key], spots = [...box.children], at = spots.indexOf(document.activeElement);
      if (!step || at < 0) return;
      event.preventDefault();
      event.stopPropagation(); // the map would move
      spots[at].tabIndex = -1;
      const next = spots[(at + step + spots.length) % spots.length];
      next.tabIndex = 0;
      next.focus({ preventScroll: true });
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  }

  function spot(layer, hit) {
    const picked = hit.open ? null : layer._picked([hit, ...layer._at(hit).filter((one) => one !== hit)]);
    const said = picked ? picked.lines.join(" · ") : mulin.words.many.replace("{n}", hit.count);
    const button = mulin.el("button", "", said);
    button.type = "button";
    button.tabIndex = -1;
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // drawn anew meanwhile, it would be a click on the bare map
      if (picked) mulin.pick(picked.properties, picked.latlng);
      else hit.open();
    });
    L.DomUtil.setPosition(button, L.point(Math.round(hit.x), Math.round(hit.y)));
    return button;
  }
})();
