// Marks: how areas stand in a register, each a shape, a colour and a label; few enough for a keyboard to reach.
"use strict";
(function () {
  const mulin = window.mulin;

  function marks(data) {
    const group = L.layerGroup();
    data.features.forEach((feature) => {
      const area = feature.properties, [lng, lat] = feature.geometry.coordinates, title = area.name + " · " + area.words;
      const html = mulin.el("span", area.mark);
      html.append(mulin.el("i", ""), mulin.el("b", "", area.label));
      const icon = L.divIcon({ className: "mulin-mark", html, iconSize: null });
      const marker = L.marker([lat, lng], { pane: "venues", icon, title, alt: title, keyboard: true, bubblingMouseEvents: false });
      const pick = () => mulin.pick({ kind: "area", code: area.code }, marker.getLatLng());
      marker.on("click", pick).on("keypress", (event) => event.originalEvent.key === "Enter" && pick());
      marker.addTo(group);
    });
    return group;
  }

  mulin.draw.bodies = mulin.draw.linked = marks;
})();
