// Shapes: each clock a shape and a colour, so that neither is needed alone; a ring with a number where many meet.
"use strict";
(function () {
  const mulin = window.mulin;
  const SIZE = 24;
  const INK = {
    serious: "#7A1210", overdue: "#B3261E", hold_over: "#C27A0E", due_soon: "#C27A0E", on_track: "#2F6B7E", paused: "#6F767E", none: "#8A8F98",
    on_time: "#5E7F4B", late: "#B3261E", held_late: "#B3261E", held_late_over: "#B3261E", extended_late: "#B3261E",
  };

  const paths = {
    serious: (c) => poly(c, [[0, -8.6], [7.6, 0.8], [3.6, 0.8], [7.6, 7], [-7.6, 7], [-3.6, 0.8], [-7.6, 0.8]]),
    overdue: (c) => poly(c, [[0, -7.6], [7.4, 5.6], [-7.4, 5.6]]),
    late: (c) => poly(c, [[0, -7.6], [7.4, 5.6], [-7.4, 5.6]]),
    due_soon: (c) => poly(c, [[0, -7.8], [7.2, 0], [0, 7.8], [-7.2, 0]]),
    hold_over: (c) => { c.rect(-5.8, -5.4, 4.6, 10.8); c.rect(1.2, -5.4, 4.6, 10.8); },
    paused: (c) => c.rect(-5.4, -5.4, 10.8, 10.8),
  };
  Object.assign(paths, { held_late: paths.paused, held_late_over: paths.hold_over, extended_late: paths.due_soon });
  function poly(c, corners) { corners.forEach(([x, y], at) => (at ? c.lineTo(x, y) : c.moveTo(x, y))); c.closePath(); }

  function sprite(standing, scale) {
    const made = document.createElement("canvas");
    made.width = made.height = SIZE * scale;
    const c = made.getContext("2d");
    c.scale(scale, scale);
    c.translate(SIZE / 2, SIZE / 2);
    c.lineJoin = "round";
    c.beginPath();
    (paths[standing] || ((x) => x.arc(0, 0, 6, 0, 7)))(c);
    const hollow = standing === "late" || standing === "none";
    c.lineWidth = hollow ? 5 : 3.2;
    c.strokeStyle = "#FFFFFF";
    c.stroke();
    c.fillStyle = hollow ? "#FFFFFF" : INK[standing];
    c.fill();
    if (hollow) { c.lineWidth = 2; c.strokeStyle = INK[standing]; c.stroke(); }
    if (standing === "on_time") tick(c);
    return made;
  }
  function tick(c) {
    c.beginPath();
    c.moveTo(-2.8, 0.2); c.lineTo(-0.7, 2.4); c.lineTo(3, -2.2);
    c.lineWidth = 1.7; c.strokeStyle = "#FFFFFF"; c.stroke();
  }

  function ring(c, x, y, count, overdue) {
    const r = Math.min(24, 10 + 3.2 * Math.log10(count + 1) + (count > 999 ? 1.5 : 0)), share = overdue / count;
    const arc = (from, to, ink, width) => {
      c.beginPath(); c.arc(x, y, r, from * 6.2832 - 1.5708, to * 6.2832 - 1.5708);
      c.lineWidth = width; c.strokeStyle = ink; c.stroke();
    };
    c.beginPath(); c.arc(x, y, r + 2.6, 0, 7); c.fillStyle = "#FFFFFF"; c.fill();
    arc(0, 1, "#B8CBD2", 4);
    if (share) arc(0, share, INK.overdue, 4);
    c.fillStyle = "#22262B";
    c.font = `600 ${count > 9999 ? 11 : 12.5}px "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif`;
    c.textAlign = "center"; c.textBaseline = "middle";
    c.fillText(count > 99999 ? Math.round(count / 1000) + "k" : String(count), x, y + 0.5);
    return r + 3;
  }

  mulin.shapes = { sprite, ring, size: SIZE };
})();
