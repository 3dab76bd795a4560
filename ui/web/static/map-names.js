// Names on the map: each where there is room for it, the important ones first, none over another.
"use strict";
(function () {
  const mulin = window.mulin;
  const shown = new Set(); // {names, rank}: rank 0 is placed first
  let due = null;

  // A name: its element, the spots it may take, the bounds it must fit into, the two ends it may run along.
  mulin.names = function (names, rank) {
    const layer = new L.Layer(), box = mulin.el("div", "mulin-names"), own = { names, rank };
    box.append(...names.map((name) => name.tag));
    layer.onAdd = (map) => { map.getPane("labels").append(box); shown.add(own); mulin.arrange(); };
    layer.onRemove = () => { box.remove(); shown.delete(own); };
    layer.getEvents = () => ({
      zoomstart: () => box.classList.add("moving"), moveend: mulin.arrange, resize: mulin.arrange,
      zoomend: () => { box.classList.remove("moving"); mulin.arrange(); },
    });
    return layer;
  };

  mulin.arrange = function () {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => {
      const used = [], size = (name) => (name.within ? area(extent(name.within)) : 0);
      [...shown].sort((a, b) => a.rank - b.rank)
        .forEach(({ names }) => names.slice().sort((a, b) => size(b) - size(a)).forEach((name) => place(name, used)));
    });
  };

  const area = (extent) => extent.x * extent.y;
  function extent(bounds) {
    const map = mulin.map;
    return map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  }

  // The name with its figure where both fit, the figure alone where they don't, else nothing.
  function place(name, used) {
    name.tag.classList.remove("hidden", "short");
    if (settle(name, used)) return;
    name.tag.classList.add("short");
    if (!name.within || !settle(name, used)) name.tag.classList.add("hidden");
  }

  function settle(name, used) {
    const room = name.within && extent(name.within);
    let w = name.tag.offsetWidth, h = name.tag.offsetHeight;
    if (room && (w > room.x * 0.94 || h > room.y * 0.9)) return false;
    for (const at of name.within ? spots(name, room) : name.at) {
      const turn = name.along ? set(name, at) : 0, point = mulin.map.latLngToLayerPoint(at);
      if (name.along) [w, h] = [name.tag.offsetWidth, name.tag.offsetHeight];
      const box = around(point, w, h, turn);
      if (!inView(at, box) || used.some((other) => meet(box, other)) || (!name.within && onArea(at))) continue;
      name.tag.style.transform =
        `translate(${Math.round(point.x)}px,${Math.round(point.y)}px) translate(-50%,-50%) rotate(${turn}rad)`;
      used.push(box);
      return true;
    }
    return false;
  }

  // Inside an area the heart is best, but a spot nearby that covers fewer matters is better.
  function spots(name, room) {
    const map = mulin.map, heart = map.latLngToLayerPoint(name.at[0]);
    const over = ["matters", "venues"].map(mulin.drawing).filter((drawing) => drawing && drawing.within);
    const w = name.tag.offsetWidth, h = name.tag.offsetHeight, found = [];
    for (const dx of [0, -0.12, 0.12, -0.22, 0.22]) {
      for (const dy of [0, -0.12, 0.12, -0.22, 0.22]) {
        const point = heart.add([dx * room.x, dy * room.y]);
        const covers = over.reduce((sum, drawing) => sum + drawing.within(around(point, w + 18, h + 18, 0)), 0);
        found.push({ at: map.layerPointToLatLng(point), cost: covers * 3 + (Math.abs(dx) + Math.abs(dy)) * 6 });
      }
    }
    return found.filter(({ at }) => !name.holds || name.holds(at, w, h)).sort((a, b) => a.cost - b.cost).map(({ at }) => at);
  }

  // The ground keeps quiet where an area has something to say.
  const onArea = (at) => [...shown].some(({ names }) => names.some((name) => name.holds && name.holds(at, 0, 0)));

  function around(point, w, h, turn) {
    const c = Math.abs(Math.cos(turn)), s = Math.abs(Math.sin(turn)), x = (w * c + h * s) / 2, y = (w * s + h * c) / 2;
    return [point.x - x, point.y - y, point.x + x, point.y + y];
  }

  const meet = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

  function inView(at, box) {
    const point = mulin.map.latLngToContainerPoint(at), size = mulin.map.getSize();
    const x = (box[2] - box[0]) / 2, y = (box[3] - box[1]) / 2;
    return point.x > x && point.y > y && point.x < size.x - x && point.y < size.y - y;
  }

  // Along a steep road the characters stand one above the other, as on a paper map.
  function set(name, at) {
    const turn = slope(name.along(at)), steep = Math.abs(turn) > 1.05;
    name.tag.classList.toggle("upright", steep);
    return steep ? turn - Math.sign(turn) * Math.PI / 2 : turn;
  }

  function slope([from, to]) {
    const a = mulin.map.latLngToLayerPoint(from), b = mulin.map.latLngToLayerPoint(to);
    const turn = Math.atan2(b.y - a.y, b.x - a.x);
    return turn > Math.PI / 2 ? turn - Math.PI : turn < -Math.PI / 2 ? turn + Math.PI : turn;
  }
})();
