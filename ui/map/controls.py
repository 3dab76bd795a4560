"""The controls above the map: what to colour by, over which months, which layers, and the filter of the ledger."""

from dataclasses import dataclass

import streamlit as st

from services.figures.indicators import definitions, on_map
from services.layers import map_views, matter_points
from services.layers.map_views import MATCHING
from services.places.areas import Scope
from services.public import disclosure
from services.rights.permissions import Actor, may
from ui.frame import filters, flow_choice, flows_here, periods, session
from ui.frame.text import _, term
from ui.frame.text import width as text_width
from ui.map.view import Pick

DEFAULT = "matters,venues,ground"


@dataclass(frozen=True)
class Chosen:
    """What the controls say; ``shown`` are kinds of layers, ``cards`` is the period of the cards of areas.

    What is of this moment is coloured without a period, so its name in an address is always the same.
    """

    indicator: str
    period: str
    cards: str
    shown: tuple[str, ...]


def optional(actor: Actor) -> dict[str, str]:
    """The layers a person may put on and off, with their names."""
    names = {
        "matters": _("Matters as points"),
        "venues": _("Venues"),
        "results": done(),
        "bodies": _("Who governs the estates") if may(actor, "page.estates") else "",
        "linked": _("Coverage") if may(actor, "page.posts") else "",
        "ground": _("Roads and green"),
    }
    return {code: name for code, name in names.items() if name}


def done() -> str:
    """The layer of what was brought to its end; nothing where no flow leaves that on the map."""
    named = " ".join(flows_here.name(code) for code in matter_points.staying())
    return _("Done: {flows}", flows=named) if named else ""


def named(indicator: str) -> str:
    """An indicator in words."""
    return _("What matches the filter") if indicator == MATCHING else term("indicator", indicator)


def show(begin: str, period: str, flow: str, fixed: bool) -> Chosen:
    """Draw the controls; each keeps its value in the URL. ``begin`` and ``period`` count where the URL says nothing.

    Where period and flow are ``fixed``, as for the public, there is none to choose.
    """
    offered = [code for code in on_map() if not fixed or disclosure.for_public(code)]
    names = {code: named(code) for code in (*offered, MATCHING)}
    indicator = _select("indicator", _("Colour by"), names, begin, 190)
    labels = periods.names()
    timeless = indicator == MATCHING or definitions()[indicator].now
    if not fixed and not timeless:
        period = _select("period", _("Period"), labels, period, 120)
    with st.popover(_("Layers"), icon=":material/tune:"):
        shown = _layers()
        filters.bar(flow if fixed else flow_choice.choose(map_views.offered(), 190))
        st.button(_("Clear the filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
    return Chosen(indicator, "month" if timeless else period, period, tuple(shown))


# Not bind="query-params": that writes the label into the URL, and a link would hold in one language only.
def _select(name: str, label: str, names: dict[str, str], default: str, width: int) -> str:
    codes, asked = list(names), st.query_params.get(name, "")
    return st.selectbox(
        label,
        codes,
        index=codes.index(asked if asked in codes else default),
        key=f"map-{name}",
        format_func=lambda code: names[code],
        label_visibility="collapsed",
        width=max(width, min(56 + max(map(text_width, names.values())), 300)),
        on_change=_to_address,
        args=(name,),
    )


def _layers() -> list[str]:
    names = optional(session.actor())
    asked = st.query_params.get("layers", DEFAULT).split(",")
    return st.pills(
        _("Shown on the map"),
        list(names),
        selection_mode="multi",
        default=[code for code in asked if code in names],
        key="map-layers",
        format_func=lambda code: names[code],
        on_change=_to_address,
        args=("layers",),
    )


def _to_address(name: str) -> None:
    chosen = st.session_state[f"map-{name}"]
    st.query_params[name] = chosen if isinstance(chosen, str) else ",".join(chosen)


def remembered(pick: Pick | None, here: Scope) -> Pick:
    """The pick that counts: the last one made in this area, else the area itself.

    The component goes on repeating its last answer, also when another area has come into view.
    """
    if pick and st.session_state.get("picked", (None, ""))[0] != pick:
        st.session_state["picked"] = (pick, here.code)
    seen, where = st.session_state.get("picked", (None, ""))
    return seen if seen and where == here.code else Pick("area", here.code, 0, 0)
