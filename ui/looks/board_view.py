"""Board on the screen: lanes side by side, on a phone one at a time; each card leads to its matter and its steps.

Which lane a phone shows and which closed lanes are open stands in the URL.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from services.looks import board
from services.looks.board import Card, Filled
from services.matters.matters import Filter
from ui.desk.needs_me_today import capped
from ui.frame import blocks, filters, url
from ui.frame.text import _, day, term
from ui.looks import board_steps
from ui.matter.matter_tables import clock_mark, on_a_phone

_LANE, _SHUT = "lane", "shut"


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
    """Draw the board as one block; empty lanes are narrow, closed ones folded."""
    shown = [one for one in found if one.lane.is_open or one.cards]
    _folded([one for one in found if not one.lane.is_open])
    one_at_a_time = _on_a_phone(shown)
    phone = on_a_phone()
    lanes = [one for one in shown if not phone or one.lane.code == one_at_a_time]
    drawn = "".join(_lane(wanted, one, area, one.lane.code == one_at_a_time) for one in lanes)
    blocks.draw(blocks.wrapped("div", drawn, "mulin-board"))


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


def _lane(wanted: Filter, one: Filled, area: str, on_a_phone: bool) -> str:
    head = f"{blocks.text('b', _name(one))} {blocks.text('span', capped(one.count))}"
    cards, way = blocks.listed([_card(card) for card in one.cards], "mulin-cards"), ""
    if one.count > len(one.cards):
        label = blocks.text("span", _("All {count}", count=capped(one.count)))
        way = blocks.link("ledger", label, "mulin-way", **_list(wanted, one) | {"area": area})
    kind = f"mulin-lane{'' if one.cards else ' bare'}{' shown' if on_a_phone else ''}"
    return blocks.wrapped("section", blocks.wrapped("h3", head) + cards + way, f"{kind} of-{one.lane.code}")


def _list(wanted: Filter, one: Filled) -> dict[str, str]:
    """The parameters of the list of a lane, with the filter of the board."""
    own = {"state": one.lane.code} if one.lane.kind.startswith("state.") else {"openness": "closed"}
    if one.lane.kind == "station":
        own = {"station": one.lane.code, "openness": "open"}
    kept = ("clock", "category", "unit", "forum", "source", "text", "opened_from", "opened_to")
    asked = {name: getattr(wanted, name) for name in kept}
    return filters.params(None, flow=wanted.flow, **asked, **own) | dict(wanted.kept)


def _card(card: Card) -> str:
    row, matter = card.row, card.row.matter
    words = (day(matter.due_at) if matter.is_open else "", row.unit, row.area)
    said = clock_mark(row.standing) + blocks.text("small", " · ".join(filter(None, words)))
    way = blocks.link("matter", blocks.text("b", matter.title) + said, no=matter.number)
    return blocks.wrapped("div", way + board_steps.way(card), f"mulin-card of-{escape(matter.number)}")


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
