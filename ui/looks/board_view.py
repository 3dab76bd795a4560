"""Board on the screen: lanes side by side, on a phone one at a time; each card leads to its matter and its steps.

Which lane a phone shows and which closed lanes are open stands in the URL.
"""

from collections.abc import Sequence

import streamlit as st

from services.looks import board
from services.looks.board import Card, Filled
from services.matters.matters import Filter
from ui.desk.needs_me_today import capped
from ui.frame import filters, url
from ui.frame.links import matter_link, page_link
from ui.frame.text import _, day, md, term
from ui.looks import board_steps
from ui.matter.matter_tables import CLOCK_COLOURS, clock_text

_LANE, _SHUT = "lane", "shut"
_WIDTH = 252


def unfolded(closed: Sequence[str]) -> frozenset[str]:
    """The closed lanes that the URL asks to see."""
    return frozenset(st.query_params.get(_SHUT, "").split(",")) & frozenset(closed)


def lanes_by(usual: str) -> str:
    """The choice between lanes by state and by station, kept in the URL."""
    chosen = st.segmented_control(
        _("Lanes"),
        board.LANES,
        key=url.recall("lanes", board.LANES, usual),
        on_change=url.keep,
        args=("lanes",),
        required=True,
        format_func=lambda code: term("lanes", code),
        label_visibility="collapsed",
    )
    return chosen or usual


def show(wanted: Filter, found: list[Filled], area: str) -> None:
    """Draw the board; empty lanes are narrow, closed ones folded."""
    shown = [one for one in found if one.lane.is_open or one.cards]
    _folded([one for one in found if not one.lane.is_open])
    one_at_a_time = _on_a_phone(shown)
    phone = "Mobi" in st.context.headers.get("User-Agent", "")
    with st.container(horizontal=True, wrap=False, key="board", vertical_alignment="top"):
        for lane in shown:
            if not phone or lane.lane.code == one_at_a_time:
                _lane(wanted, lane, area)
    st.html(_STYLE.replace("@lane", one_at_a_time))


def _on_a_phone(shown: list[Filled]) -> str:
    counts = {one.lane.code: one for one in shown}
    first = next((one.lane.code for one in shown if one.count), next(iter(counts), ""))
    with st.container(key="lane-choice"):
        chosen = st.selectbox(
            _("Lane"),
            list(counts),
            key=url.recall(_LANE, list(counts), first or None),
            on_change=url.keep,
            args=(_LANE,),
            format_func=lambda code: f"{_name(counts[code])} {capped(counts[code].count)}" if code in counts else code,
        )
    return chosen or first


def _name(one: Filled) -> str:
    return term(one.lane.kind, one.lane.code)


def _lane(wanted: Filter, one: Filled, area: str) -> None:
    width = _WIDTH if one.cards else 120
    with st.container(key=f"lane-of-{one.lane.code}", width=width, gap="xsmall"):
        st.markdown(f"**{_name(one)}** :gray[{capped(one.count)}]")
        for card in one.cards:
            _card(card)
        if one.count > len(one.cards):
            asked = _list(wanted, one) | {"area": area}
            page_link("ledger", _("All {count}", count=capped(one.count)), ":material/list_alt:", **asked)


def _list(wanted: Filter, one: Filled) -> dict[str, str]:
    """The parameters of the list of a lane, with the filter of the board."""
    own = {"state": one.lane.code} if one.lane.kind.startswith("state.") else {"openness": "closed"}
    if one.lane.kind == "station":
        own = {"station": one.lane.code, "openness": "open"}
    kept = ("clock", "category", "unit", "forum", "source", "text", "opened_from", "opened_to")
    asked = {name: getattr(wanted, name) for name in kept}
    return filters.params(None, flow=wanted.flow, **asked, **own) | dict(wanted.kept)


def _card(card: Card) -> None:
    row, matter = card.row, card.row.matter
    with st.container(border=True, key=f"card-{matter.number}", gap="xxsmall"):
        matter_link(matter)
        badge = f":{CLOCK_COLOURS[row.standing]}-badge[{clock_text(row.standing)}]"
        words = (day(matter.due_at) if matter.is_open else "", row.unit, row.area)
        st.markdown(f"{badge} :small[:gray[{md(' · '.join(filter(None, words)))}]]")
        board_steps.menu(card)


def _folded(closed: list[Filled]) -> None:
    counts = {one.lane.code: f"{_name(one)} {capped(one.count)}" for one in closed if one.count}
    if not counts:
        return
    key = "board-shut"
    st.session_state[key] = [code for code in counts if code in unfolded(list(counts))]
    st.pills(
        _("Closed"),
        list(counts),
        key=key,
        selection_mode="multi",
        format_func=lambda code: counts.get(code, code),
        on_change=_keep_open,
        args=(key,),
        help=_("Choose one to see its lane."),
    )


def _keep_open(key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen:
        st.query_params[_SHUT] = ",".join(chosen)
    else:
        st.query_params.pop(_SHUT, None)


# Lanes scroll sideways where there are more than fit; on a phone one stands alone, chosen above.
_STYLE = """<style>
.st-key-board{overflow-x:auto;padding-bottom:.6rem;align-items:flex-start}
.st-key-board>div{flex-shrink:0}
.st-key-lane-choice{display:none}
@media (max-width:640px){
.st-key-lane-choice{display:flex}
.st-key-board>div{display:none}
.st-key-board>div:has(.st-key-lane-of-@lane){display:block;width:100%!important}
.st-key-lane-of-@lane{width:100%!important}
}
</style>"""
