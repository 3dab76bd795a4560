// Areas: coloured shapes with their names, the outline of the area in view, and the ground below.
"use strict";
(function () {
  const mulin = window.mulin;
  const SHADES = ["#F3ECE4", "#EBD3C3", "#DDA995", "#C8756A", "#A63F40"];
  const GROUND = {
    green: { color: "#C9D3BC", weight: 0.6, fillColor: "#DFE6D3", fillOpacity: 1 },
    water: { color: "#B9CDD6", weight: 0.6, fillColor: "#CFDFE6", fillOpacity: 1 },
    building: { color: "#C9BCAC", weight: 0.8, fillColor: "#E6DCCF", fillOpacity: 1 },
  };

  // --- ground -------------------------------------------------------------------------------------------------
  mulin.draw.ground = function (data) {
    const renderer = L.canvas({ pane: "ground", padding: 0.4 }), group = L.layerGroup();
    const only = (kind) => data.features.filter((feature) => feature.properties.kind === kind);
    const lay = (features, style) =>
      L.geoJson(features, { renderer, pane: "ground", interactive: false, style }).addTo(group);
    lay(only("water"), GROUND.water);
    lay(only("green"), GROUND.green);
    const casing = lay(only("road"), { color: "#DDD6CC" }), road = lay(only("road"), { color: "#FFFFFF" });
    lay(only("building"), GROUND.building);
    const widen = () => { wide(casing, 1.6); wide(road, 0); };
    group.on("add", () => { widen(); mulin.map.on("zoomend", widen); });
    group.on("remove", () => mulin.map.off("zoomend", widen));
    return group;
  };

  // A road is drawn as wide as it is: metres into pixels at this zoom and latitude.
  function wide(lines, more) {
    const map = mulin.map, metre = 256 * 2 ** map.getZoom() / (40075016 * Math.cos(map.getCenter().lat * Math.PI / 180));
    lines.eachLayer((line) => line.setStyle({ weight: Math.max(1.2, line.feature.properties.width * 0.6 * metre) + more }));
  }

  mulin.draw.outline = (data) => L.geoJson(data, {
    pane: "outline", interactive: false, style: { color: "#7A2A2A", weight: 2, opacity: 0.75, fill: false },
  });

  // --- areas --------------------------------------------------------------------------------------------------
  mulin.draw.areas = function (data) {
    let taken = null, marked = null;
    const group = L.featureGroup(), paths = new Map();
    L.geoJson(data, { style: resting, onEachFeature: dress }).addTo(group);
    labels(data, mulin.map).addTo(group);
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
    return area.figure === "" ? mulin.words.no_cases : area.figure;
  }

  // --- names --------------------------------------------------------------------------------------------------
  // A name with its figure where both fit inside the area, the figure alone where they don't, else nothing.
  function labels(data, map) {
    const layer = new L.Layer(), box = mulin.el("div", "mulin-labels");
    const tags = data.features.map((feature) => {
      const area = feature.properties, tag = box.appendChild(mulin.el("div", "mulin-label"));
      tag.append(mulin.el("b", "", area.name), mulin.el("span", area.figure ? "" : "none", figure(area)));
      tag.classList.toggle("dark", area.class !== null && area.class >= 3);
      return { tag, at: L.latLng(area.at[1], area.at[0]), bounds: L.geoJson(feature).getBounds() };
    });
    const place = () => { box.classList.remove("moving"); arrange(tags, map); };
    layer.onAdd = () => { map.getPane("labels").append(box); place(); };
    layer.onRemove = () => box.remove();
    layer.getEvents = () => ({ zoomstart: () => box.classList.add("moving"), zoomend: place, resize: place, moveend: place });
    return layer;
  }

  function arrange(tags, map) {
    const used = [];
    const size = (one) => map.latLngToLayerPoint(one.bounds.getSouthEast()).subtract(map.latLngToLayerPoint(one.bounds.getNorthWest()));
    tags.map((one) => ({ ...one, size: size(one) })).sort((a, b) => b.size.x * b.size.y - a.size.x * a.size.y)
      .forEach(({ tag, at, size }) => {
        const point = map.latLngToLayerPoint(at);
        tag.style.transform = `translate(${Math.round(point.x)}px,${Math.round(point.y)}px) translate(-50%,-50%)`;
        tag.classList.remove("hidden", "short");
        if (fits(tag, point, size, used)) return;
        tag.classList.add("short");
        if (!fits(tag, point, size, used)) tag.classList.add("hidden");
      });
  }

  function fits(tag, point, size, used) {
    const half = { x: tag.offsetWidth / 2, y: tag.offsetHeight / 2 };
    if (half.x * 2 > size.x * 0.94 || half.y * 2 > size.y * 0.9) return false;
    const own = [point.x - half.x, point.y - half.y, point.x + half.x, point.y + half.y];
    if (used.some((other) => own[0] < other[2] && own[2] > other[0] && own[1] < other[3] && own[3] > other[1])) return false;
    used.push(own);
    return true;
  }
})();
