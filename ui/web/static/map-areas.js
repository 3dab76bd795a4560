// Areas: coloured shapes with their names, the outline of the area in view, and the ground below.
"use strict";
(function () {
  const mulin = window.mulin;
  const SHADES = ["#F3ECE4", "#EBD3C3", "#DDA995", "#C8756A", "#A63F40"];
  const GROUND = {
    green: { color: "#C9D3BC", weight: 0.6, fillColor: "#DFE6D3", fillOpacity: 1 },
    field: { color: "#E1E3C8", weight: 0.8, fillColor: "#F1F2E2", fillOpacity: 1 },
    block: { color: "#E6E0D7", weight: 0.6, fillColor: "#F2EEE7", fillOpacity: 1 },
    water: { color: "#B9CDD6", weight: 0.6, fillColor: "#CFDFE6", fillOpacity: 1 },
    building: { color: "#FFFFFF", weight: 1, opacity: 0.75, fillColor: "#FFFFFF", fillOpacity: 0.28 },
  };

  // --- ground -------------------------------------------------------------------------------------------------
  mulin.draw.ground = function (data) {
    const renderer = L.canvas({ pane: "ground", padding: 0.4 }), group = L.layerGroup();
    const only = (kind) => data.features.filter((feature) => feature.properties.kind === kind);
    const lay = (features, style, pane = "ground") =>
      L.geoJson(features, { renderer: pane === "ground" ? renderer : null, pane, interactive: false, style }).addTo(group);
    for (const kind of ["field", "block", "green", "water"]) lay(only(kind), GROUND[kind]);
    const casing = lay(only("road"), { color: "#DDD6CC" }), road = lay(only("road"), { color: "#FFFFFF" });
    lay(only("building"), GROUND.building, "buildings");
    const widen = () => { wide(casing, 1.6); wide(road, 0); };
    mulin.names(data.features.filter((feature) => feature.properties.name).map(landmark), 1).addTo(group);
    group.on("add", () => { widen(); mulin.map.on("zoomend", widen); });
    group.on("remove", () => mulin.map.off("zoomend", widen));
    return group;
  };

  // A road is drawn as wide as it is: metres into pixels at this zoom and latitude.
  function wide(lines, more) {
    const map = mulin.map, metre = 256 * 2 ** map.getZoom() / (40075016 * Math.cos(map.getCenter().lat * Math.PI / 180));
    lines.eachLayer((line) => line.setStyle({ weight: Math.max(1.2, line.feature.properties.width * 0.6 * metre) + more }));
  }

  // A road or a park is named where there is room for it; a road's name runs along the road.
  function landmark(feature) {
    const { kind, name } = feature.properties, tag = mulin.el("div", "mulin-landmark " + kind, name);
    if (kind !== "road") return { tag, at: [L.geoJson(feature).getBounds().getCenter()] };
    const line = feature.geometry.coordinates.map(([lng, lat]) => L.latLng(lat, lng)), last = line.length - 1;
    const at = [0.5, 0.3, 0.7, 0.15, 0.85, 0.05, 0.95].map((share) => line[Math.round(share * last)]);
    const along = (place) => { const i = line.indexOf(place); return [line[Math.max(0, i - 1)], line[Math.min(last, i + 1)]]; };
    return { tag, at, along };
  }

  mulin.draw.outline = (data) => L.geoJson(data, {
    pane: "outline", interactive: false, style: { color: "#7A2A2A", weight: 2, opacity: 0.75, fill: false },
  });

  // --- areas --------------------------------------------------------------------------------------------------
  mulin.draw.areas = function (data) {
    let taken = null, marked = null;
    const group = L.featureGroup(), paths = new Map();
    L.geoJson(data, { style: resting, onEachFeature: dress }).addTo(group);
    mulin.names(data.features.map((feature) => named(feature, paths)), 0).addTo(group);
    group.taken = () => { const found = taken; taken = null; return found; };
    group.mark = (code) => {
      if (paths.has(marked)) paths.get(marked).setStyle(resting(paths.get(marked).feature));
      marked = code;
      if (paths.has(code)) paths.get(code).setStyle({ color: "#22262B", weight: 2.5 }).bringToFront();
    };
    return group;

    function dress(feature, path) {
      const area = feature.properties;
      paths.set(area.code, path);
      path.on("click", () => { taken = { kind: "area", code: area.code }; });
      path.on("mouseover", () => path.setStyle({ weight: area.code === marked ? 2.5 : 2.2, color: "#22262B" }));
      path.on("mouseout", () => area.code === marked || path.setStyle(resting(feature)));
      path.on("add", () => reachable(path, area));
    }
  };

  function named(feature, paths) {
    const area = feature.properties, tag = mulin.el("div", "mulin-label");
    tag.append(mulin.el("b", "", area.name), mulin.el("span", area.figure ? "" : "none", figure(area)));
    return { tag, at: [L.latLng(area.at[1], area.at[0])], within: paths.get(area.code).getBounds(), holds: holding(feature) };
  }

  // Whether all four corners of a name lie in the area: even and odd crossings of every ring.
  function holding(feature) {
    const shapes = feature.geometry.type === "Polygon" ? [feature.geometry.coordinates] : feature.geometry.coordinates;
    const rings = shapes.flat().map((ring) => ring.map(([lng, lat]) => L.latLng(lat, lng)));
    return (at, w, h) => {
      const map = mulin.map, middle = map.latLngToLayerPoint(at), lines = rings.map((ring) => ring.map((p) => map.latLngToLayerPoint(p)));
      return [[-1, -1], [1, -1], [1, 1], [-1, 1]].every(([x, y]) => inside(middle.add([x * w / 2, y * h / 2]), lines));
    };
  }

  function inside(point, lines) {
    let odd = false;
    for (const line of lines) {
      for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
        const a = line[i], b = line[j];
        if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
      }
    }
    return odd;
  }

  function resting(feature) {
    const step = feature.properties.class, none = step === null;
    return {
      color: none ? "#B9B1A6" : "#FFFFFF", weight: none ? 1.2 : 1.6, dashArray: none ? "4 4" : null,
      fillColor: none ? "#FAF8F5" : SHADES[step], fillOpacity: 0.9,
    };
  }

  function reachable(path, area) {
    const shape = path.getElement();
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", area.name + " " + figure(area));
    shape.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      mulin.pick({ kind: "area", code: area.code }, L.latLng(area.at[1], area.at[0]));
    });
  }

  function figure(area) {
    if (area.withheld) return mulin.words.withheld;
    if (area.figure !== "") return area.figure;
    return area.recorded === false ? mulin.words.not_recorded : mulin.words.no_cases;
  }
})();
