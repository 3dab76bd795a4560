// Venues: doors where people meet, few enough to be elements a keyboard can reach.
"use strict";
(function () {
  const mulin = window.mulin;

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
    group.within = ([left, top, right, bottom]) => markers.map((marker) => mulin.map.latLngToLayerPoint(marker.getLatLng()))
      .reduce((sum, at) => sum + (at.x > left && at.x < right && at.y > top && at.y < bottom), 0);
    return group;
  };
})();
