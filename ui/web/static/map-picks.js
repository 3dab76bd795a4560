// Picks: what the pointer is over, what was clicked, and the one way it is told to the page.
"use strict";
(function () {
  const mulin = window.mulin;
  let picker;

  mulin.listen = function () {
    // In the map before the bridge looks for layers: every pick goes out through this one.
    picker = new L.Layer();
    picker.onAdd = picker.onRemove = function () { return this; };
    picker.addTo(mulin.map);
    mulin.map.on("click", (event) => pickAt(event.latlng, event.containerPoint));
    mulin.map.on("mousemove", hover).on("mouseout movestart zoomstart", () => tip(null));
  };

  function hitAt(at) {
    for (const kind of ["venues", "matters", "results"]) {
      const drawing = mulin.drawing(kind), hit = drawing && drawing.hit && drawing.hit(at);
      if (hit) return hit;
    }
    return null;
  }

  function pickAt(latlng, at) {
    if (mulin.drawing("boundary")) return; // the pointer draws
    const hit = hitAt(at), areas = mulin.drawing("areas"), area = areas && areas.taken();
    if (hit && hit.open) return hit.open();
    mulin.pick(hit ? hit.properties : area || { kind: "point" }, hit ? hit.latlng : latlng);
  }

  mulin.pick = function (properties, latlng) {
    const areas = mulin.drawing("areas"), matters = mulin.drawing("matters");
    if (areas) areas.mark(properties.kind === "area" ? properties.code : null);
    if (matters) matters.mark(properties.kind === "matter" ? properties.code : null);
    const feature = {
      type: "Feature",
      properties: { ...properties, lng: round(latlng.lng), lat: round(latlng.lat) },
      geometry: { type: "Point", coordinates: [round(latlng.lng), round(latlng.lat)] },
    };
    mulin.send(feature, latlng);
  };

  mulin.send = function (feature, latlng) {
    picker.fire("click", { latlng, layer: { toGeoJSON: () => feature } });
  };

  const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

  function hover(event) {
    const hit = hitAt(event.containerPoint);
    mulin.map.getContainer().classList.toggle("mulin-over", Boolean(hit));
    tip(hit && hit.lines ? hit : null);
  }

  function tip(hit) {
    mulin.tipBox = mulin.tipBox || mulin.map.getContainer().appendChild(mulin.el("div", "mulin-tip"));
    mulin.tipBox.classList.toggle("on", Boolean(hit));
    if (!hit) return;
    const at = mulin.map.latLngToContainerPoint(hit.latlng), wide = mulin.map.getSize().x;
    mulin.tipBox.replaceChildren(...hit.lines.map((line, row) => mulin.el("div", row ? "" : "first", line)));
    mulin.tipBox.style.left = Math.min(Math.max(at.x, 120), wide - 120) + "px";
    mulin.tipBox.style.top = at.y + "px";
    mulin.tipBox.classList.toggle("below", at.y < 90);
  }
})();
