// Points: thousands of matters on one canvas, each a shape and a colour; where many meet, a ring with their number.
"use strict";
(function () {
  const mulin = window.mulin;
  const { sprite, ring } = mulin.shapes;
  const LATE = ["overdue", "serious", "held_late", "held_late_over", "extended_late"];
  const LAST = ["none", "on_time", "on_track", "paused", "late", "hold_over", "due_soon", "extended_late", "held_late", "held_late_over", "overdue", "serious"]; // drawn last lies on top
  const SIZE = mulin.shapes.size, CELL = 64, CROWD = 160;
  const REACH = window.matchMedia("(pointer: coarse)").matches ? 22 : 12;

  // --- the layer ----------------------------------------------------------------------------------------------
  const Points = L.Renderer.extend({
    initialize(data, kind) {
      L.Renderer.prototype.initialize.call(this, { pane: kind === "results" ? "results" : "points", padding: 0.15 });
      const rank = (feature) => LAST.indexOf(feature.properties.standing);
      this.data = data;
      this.features = data.kind === "squares" ? data.features : data.features.slice().sort((a, b) => rank(a) - rank(b));
    },
    getEvents() {
      const events = L.Renderer.prototype.getEvents.call(this);
      if (this.data.kind === "squares") events.moveend = () => { this._update(); this._again(); };
      return events;
    },
    onAdd() { L.Renderer.prototype.onAdd.call(this); if (this.data.kind === "squares" && !this.data.zoom) this._again(); },
    _initContainer() { this._container = mulin.el("canvas", "mulin-points"); this._ctx = this._container.getContext("2d"); },
    _destroyContainer() {
      this._container.remove();
      delete this._container;
      if (this._reach) this._reach.remove();
      delete this._reach;
    },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), scale = this._scale = Math.min(window.devicePixelRatio || 1, 2);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = scale * size.x;
      this._container.height = scale * size.y;
      this._container.style.width = size.x + "px";
      this._container.style.height = size.y + "px";
      this._ctx.setTransform(scale, 0, 0, scale, -this._bounds.min.x * scale, -this._bounds.min.y * scale);
      this._draw();
      mulin.arrange();
      this.fire("update");
    },
    _draw() {
      const visible = this._visible(), crowded = visible.length > CROWD && this._map.getZoom() < this._map.getMaxZoom();
      this._hits = new Map();
      this._spots = [];
      this._seen = visible.length > 2000 ? [] : visible;
      this._sprites = {};
      if (this.data.kind === "squares") visible.forEach((one) => this._ring([one], one.of.properties));
      else if (crowded) this._cells(visible).forEach((cell) => this._cell(cell));
      else visible.forEach((one) => this._shape(one));
      this._highlight();
      mulin.reach(this, this._spots);
    },
    _visible() {
      const { min, max } = this._bounds, map = this._map, found = [];
      const scale = 256 * 2 ** map.getZoom(), origin = map.getPixelOrigin();
      for (const feature of this.features) {
        const at = feature.world || (feature.world = world(feature.geometry.coordinates));
        const x = at[0] * scale - origin.x, y = at[1] * scale - origin.y;
        if (x >= min.x && x <= max.x && y >= min.y && y <= max.y) found.push({ x, y, of: feature });
      }
      return found;
    },
    _cells(visible) {
      const cells = new Map(), origin = this._map.getPixelOrigin();
      for (const one of visible) {
        const key = Math.floor((one.x + origin.x) / CELL) + ":" + Math.floor((one.y + origin.y) / CELL);
        if (cells.has(key)) cells.get(key).push(one); else cells.set(key, [one]);
      }
      return cells;
    },
    _cell(cell) {
      if (cell.length < 3) return cell.forEach((one) => this._shape(one));
      this._ring(cell, { count: cell.length, overdue: cell.filter((one) => LATE.includes(one.of.properties.standing)).length });
    },
    _ring(members, { count, overdue }) {
      const x = members.reduce((sum, one) => sum + one.x, 0) / members.length;
      const y = members.reduce((sum, one) => sum + one.y, 0) / members.length;
      const r = ring(this._ctx, x, y, count, overdue);
      this._remember({ x, y, r, count, open: () => this._zoomInto(members) });
    },
    _shape(one) {
      const standing = one.of.properties.standing;
      const drawn = this._sprites[standing] || (this._sprites[standing] = sprite(standing, this._scale));
      this._ctx.drawImage(drawn, one.x - SIZE / 2, one.y - SIZE / 2, SIZE, SIZE);
      if (!this._at(one).some((hit) => hit.of === one.of)) this._remember({ x: one.x, y: one.y, r: REACH, of: one.of });
    },
    _zoomInto(members) {
      const bounds = L.latLngBounds(members.map((one) => this._map.layerPointToLatLng([one.x, one.y])));
      const zoom = Math.min(this._map.getZoom() + 2, this._map.getMaxZoom());
      if (members.length > 1) return this._map.fitBounds(bounds, { padding: [60, 60], maxZoom: this._map.getMaxZoom() });
      return this._map.setView(bounds.getCenter(), zoom);
    },
    _again() {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => this._map && mulin.again("matters", this._window()), 120);
    },
    _window() {
      // Whole parts of the screen, so that a small move asks for what is kept already.
      const zoom = Math.round(this._map.getZoom()), step = 360 / 2 ** zoom, bounds = this._map.getBounds().pad(0.15);
      const down = (value) => Math.floor(value / step) * step, up = (value) => Math.ceil(value / step) * step;
      const box = [Math.max(-180, down(bounds.getWest())), Math.max(-85, down(bounds.getSouth())),
        Math.min(180, up(bounds.getEast())), Math.min(85, up(bounds.getNorth()))];
      return `&zoom=${zoom}&box=${box.map((value) => value.toFixed(5)).join(",")}`;
    },
    _remember(hit) {
      if (hit.open || !this._at(hit).length) this._spots.push(hit); // of several at one spot, one stands for all
      for (let column = Math.floor((hit.x - hit.r) / 32); column <= Math.floor((hit.x + hit.r) / 32); column++) {
        for (let row = Math.floor((hit.y - hit.r) / 32); row <= Math.floor((hit.y + hit.r) / 32); row++) {
          const key = column + ":" + row;
          if (this._hits.has(key)) this._hits.get(key).push(hit); else this._hits.set(key, [hit]);
        }
      }
    },
    _at({ x, y }) {
      const near = this._hits.get(Math.floor(x / 32) + ":" + Math.floor(y / 32)) || [];
      return near.filter((hit) => hit.of && Math.hypot(hit.x - x, hit.y - y) < 3);
    },
    hit(at) {
      const point = this._map.containerPointToLayerPoint(at);
      const near = (this._hits.get(Math.floor(point.x / 32) + ":" + Math.floor(point.y / 32)) || [])
        .map((hit) => ({ hit, far: Math.hypot(hit.x - point.x, hit.y - point.y) }))
        .filter(({ hit, far }) => far <= hit.r).sort((a, b) => a.far - b.far).map(({ hit }) => hit);
      if (!near.length) return null;
      return near[0].open ? { open: near[0].open } : this._picked(near);
    },
    _picked(near) {
      const here = near.filter((hit) => hit.of && Math.hypot(hit.x - near[0].x, hit.y - near[0].y) < 3);
      const own = here[0].of.properties, words = this.data.words, [lng, lat] = here[0].of.geometry.coordinates;
      const lines = [own.title, [own.number, words.clock[own.standing], words.state[own.state]].filter(Boolean).join(" · ")];
      if (here.length > 1) lines.push("+" + (here.length - 1));
      const also = here.slice(1, 20).map((hit) => hit.of.properties.number);
      return { latlng: L.latLng(lat, lng), lines, properties: { kind: "matter", code: own.number, also } };
    },
    within([left, top, right, bottom]) {
      return this._seen.reduce((sum, one) => sum + (one.x > left && one.x < right && one.y > top && one.y < bottom), 0);
    },
    mark(number) { this._marked = number; this._update(); },
    _highlight() {
      const feature = this._marked && this.features.find((one) => one.properties.number === this._marked);
      if (!feature) return;
      const at = this._map.latLngToLayerPoint(L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]));
      this._shape({ x: at.x, y: at.y, of: feature });
      this._ctx.beginPath();
      this._ctx.arc(at.x, at.y, 13, 0, 7);
      this._ctx.lineWidth = 2.4;
      this._ctx.strokeStyle = "#22262B";
      this._ctx.stroke();
    },
  });

  function world([lng, lat]) {
    const s = Math.sin(lat * Math.PI / 180);
    return [(lng + 180) / 360, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
  }

  mulin.draw.matters = mulin.draw.results = (data, kind) => new Points(data, kind);
})();
