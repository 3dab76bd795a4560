// Venues: doors where people meet, few enough to be elements a keyboard can reach.
"use strict";
(function () {
  const mulin = window.mulin;
  const ROOM = 6000; // square pixels for each door in view; with less they are drawn small

  mulin.draw.venues = function (data) {
    const group = L.layerGroup();
    const markers = data.features.map((feature) => {
      const venue = feature.properties, [lng, lat] = feature.geometry.coordinates;
      const title = venue.name + " · " + data.words.venue[venue.sort];
      const icon = L.divIcon({ className: "mulin-venue", html: mulin.el("i", ""), iconSize: [22, 22] });
      const marker = L.marker([lat, lng], { pane: "venues", icon, title, alt: title, keyboard: true, bubblingMouseEvents: false });
      const pick = () => mulin.pick({ kind: "venue", code: venue.code }, marker.getLatLng());
      marker.on("click", pick).on("keypress", (event) => event.originalEvent.key === "Enter" && pick());
      return marker.addTo(group);
    });
    const sizing = () => {
      const map = mulin.map, view = map.getBounds(), { x, y } = map.getSize();
      const seen = markers.filter((marker) => view.contains(marker.getLatLng())).length;
      map.getPane("venues").classList.toggle("mulin-crowded", seen * ROOM > x * y);
    };
    group.on("add", () => { sizing(); mulin.map.on("moveend resize", sizing); });
    group.on("remove", () => mulin.map.off("moveend resize", sizing));
    group.within = ([left, top, right, bottom]) => markers.map((marker) => mulin.map.latLngToLayerPoint(marker.getLatLng()))
      .reduce((sum, at) => sum + (at.x > left && at.x < right && at.y > top && at.y < bottom), 0);
    return group;
  };
})();
