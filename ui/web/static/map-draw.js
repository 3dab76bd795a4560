// Draw: the boundary of one area, drawn, moved and edited by hand; the page is told how it stands after each stroke.
"use strict";
(function () {
  const mulin = window.mulin;
  const OWN = { color: "#B3261E", weight: 3, fillColor: "#B3261E", fillOpacity: 0.12 };
  const BESIDE = { color: "#5F646C", weight: 1.5, fillColor: "#5F646C", fillOpacity: 0.08 };
  const AROUND = { color: "#22262B", weight: 2, dashArray: "6 5", fill: false };
  const TOOLS = {
    position: "topright", drawMarker: false, drawCircleMarker: false, drawPolyline: false, drawRectangle: false,
    drawCircle: false, drawText: false, cutPolygon: false, rotateMode: false,
  };

  mulin.draw.boundary = function (data) {
    const map = mulin.map, own = L.featureGroup(), beside = L.featureGroup();
    data.features.forEach((feature) => {
      const style = { own: OWN, around: AROUND }[feature.properties.role] || BESIDE;
      const mine = feature.properties.role === "own", held = mine ? own : beside;
      L.geoJSON(feature, { style, interactive: mine, pmIgnore: !mine, snapIgnore: false }).eachLayer((layer) => {
        if (mine) listen(layer);
        else if (feature.properties.role === "beside" && feature.properties.name) layer.bindTooltip(named(feature.properties.name), { permanent: true, direction: "center", className: "mulin-beside" });
        layer.addTo(held);
      });
    });

    function named(name) {
      return mulin.el("span", "", name);
    }

    function listen(layer) {
      layer.on("pm:edit pm:dragend", tell).on("pm:remove", () => { own.removeLayer(layer); tell(); });
    }

    function created(event) {
      event.layer.setStyle(OWN);
      listen(event.layer);
      event.layer.addTo(own);
      tell();
    }

    function tell() {
      const shapes = own.getLayers().map((layer) => layer.toGeoJSON().geometry);
      const parts = shapes.flatMap((shape) => (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates));
      const geometry = parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : { type: "MultiPolygon", coordinates: parts };
      mulin.send({ type: "Feature", properties: { kind: "boundary", code: data.code }, geometry }, map.getCenter());
    }

    return {
      addTo() {
        beside.addTo(map);
        own.addTo(map);
        map.pm.setLang(mulin.words.tongue);
        map.pm.setGlobalOptions({ snappable: true, snapDistance: 14, allowSelfIntersection: true, pathOptions: OWN });
        map.pm.addControls(TOOLS);
        map.on("pm:create", created);
      },
      remove() {
        map.off("pm:create", created);
        map.pm.disableDraw();
        map.pm.disableGlobalEditMode();
        map.pm.removeControls();
        own.remove();
        beside.remove();
      },
    };
  };
})();
