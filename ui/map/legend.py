"""The legend under the map: what the colours and shapes mean, each with its words."""

from html import escape
from typing import Any

import streamlit as st

from services.layers.shading import written
from services.words import vocabulary
from ui.frame.text import _, term
from ui.map import controls

SHADES = ("#F3ECE4", "#EBD3C3", "#DDA995", "#C8756A", "#A63F40")
_HELD = ("hold_over", "paused", "held_late", "held_late_over", "extended_late")
_OPEN = ("serious", "overdue", "due_soon", "on_track", *_HELD, "none")
_CLOSED = ("on_time", "late", "none")
_MARKS = {"bodies": "bodies", "linked": "load"}


def legend(title: str, shaded: dict[str, Any], shown: tuple[str, ...], openness: str) -> None:
    """Draw the legend: classes of the shaded areas, then the shapes of the layers shown."""
    parts = [f'<span class="t">{escape(title)}</span>', *_classes(shaded)]
    if "matters" in shown:
        codes = {"open": _OPEN, "closed": _CLOSED}.get(openness, tuple(dict.fromkeys(_OPEN + _CLOSED)))
        parts += [_item(code, term("clock", code)) for code in codes]
        parts.append(_item("ring", _("many together, red: overdue")))
    if "results" in shown:
        parts.append(_item("on_time", controls.done()))
    if "venues" in shown:
        parts.append(_item("venue", _("Venues")))
    for layer, kind in _MARKS.items():
        if layer in shown:
            parts += [_item(f"mark {code}", term(kind, code)) for code in vocabulary.codes(kind)]
    st.html(f'{_STYLE}<div class="mulin-legend" role="note">{"".join(parts)}</div>')


def _classes(shaded: dict[str, Any]) -> list[str]:
    edges, unit = shaded["edges"], shaded["unit"]
    if not edges:
        return []
    order = SHADES[::-1] if shaded["better"] == "up" else SHADES
    low, high = written(edges[0], unit), written(edges[-1], unit)
    swatches = "".join(f'<i style="background:{shade}"></i>' for shade in order)
    return [f'<span class="s">{escape(low)}<em>{swatches}</em>{escape(high)}</span>']


def _item(shape: str, words: str) -> str:
    return f'<span><b class="{shape}"></b>{escape(words)}</span>'


_STYLE = """<style>
.mulin-legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;align-items:center;font-size:.83rem;color:#5A5F66}
.mulin-legend span{display:inline-flex;align-items:center;gap:.35rem;white-space:nowrap}
.mulin-legend .t{font-weight:600;color:#22262B}
.mulin-legend em{display:inline-flex;border:1px solid #E4DFD8;border-radius:3px;overflow:hidden}
.mulin-legend i{width:1.5rem;height:.75rem}
.mulin-legend b{width:13px;height:13px;background:#2F6B7E;border-radius:50%}
.mulin-legend .overdue,.mulin-legend .late{background:#B3261E;border-radius:0;clip-path:polygon(50% 4%,100% 92%,0 92%)}
.mulin-legend .serious{background:#7A1210;border-radius:0;width:15px;
clip-path:polygon(50% 0,100% 60%,72% 60%,100% 100%,0 100%,28% 60%,0 60%)}
.mulin-legend .late{background:radial-gradient(circle at 50% 64%,#fff 22%,#B3261E 26%)}
.mulin-legend .due_soon{background:#C27A0E;border-radius:0;clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.mulin-legend .paused{background:#6F767E;border-radius:0;width:11px;height:11px}
.mulin-legend .hold_over{background:linear-gradient(90deg,#C27A0E 42%,#fff 0 58%,#C27A0E 0);border-radius:0;height:11px}
.mulin-legend .held_late{background:#B3261E;border-radius:0;width:11px;height:11px}
.mulin-legend .held_late_over{background:linear-gradient(90deg,#B3261E 42%,#fff 0 58%,#B3261E 0);border-radius:0;
height:11px}
.mulin-legend .extended_late{background:#B3261E;border-radius:0;clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.mulin-legend .none{background:#fff;border:2px solid #8A8F98;box-sizing:border-box;width:12px;height:12px}
.mulin-legend .on_time{background:#5E7F4B}
.mulin-legend .mark{background:#5E7F4B;border:0;width:13px;height:13px}
.mulin-legend .mark.none,.mulin-legend .mark.missing{background:#B3261E;border-radius:0;
clip-path:polygon(50% 4%,100% 92%,0 92%)}
.mulin-legend .mark.under{background:#2F6B7E;border-radius:0;clip-path:polygon(0 8%,100% 8%,50% 96%)}
.mulin-legend .mark.over{background:#C27A0E;border-radius:0;clip-path:polygon(50% 0,100% 50%,50% 100%,0 50%)}
.mulin-legend .mark.unknown{background:#fff;border:2px solid #8A8F98;border-radius:0;width:12px;height:12px}
.mulin-legend .ring{background:radial-gradient(#fff 48%,transparent 52%),conic-gradient(#B3261E 30%,#B8CBD2 0)}
.mulin-legend .venue{border-radius:0;clip-path:polygon(50% 0,100% 42%,88% 42%,88% 100%,12% 100%,12% 42%,0 42%)}
</style>"""
