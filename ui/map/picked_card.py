"""The card beside the map: an area, a matter, a venue or a bare spot, and what can be done there."""

from dataclasses import dataclass, replace

import streamlit as st
from sqlmodel import Session

from models.area import Area
from services.engine import workflow
from services.figures import indicators
from services.figures.indicators import Count
from services.layers import area_cards, matter_points
from services.layers.area_cards import AreaCard
from services.matters import list_pages, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor, reads_all
from services.system.errors import Refused
from ui.figures import figure_cards
from ui.frame import begin_links, filters, flows_here, periods
from ui.frame.links import matter_link, page_link
from ui.frame.text import _, day, language, md, refusal, term
from ui.map.view import Pick
from ui.matter.matter_tables import clock_badge
from ui.registers import estate_card


def show(session: Session, actor: Actor, pick: Pick, wanted: Filter, period: str) -> None:
    """The card of what was picked, its figures over a period; a sentence where there is nothing to see."""
    try:
        _CARDS[pick.kind](session, actor, pick, _Asked(wanted, period))
    except Refused as refused:
        st.warning(refusal(refused), icon=":material/block:")


@dataclass(frozen=True)
class _Asked:
    """The filter of the map, and the period of its figures."""

    wanted: Filter
    period: str


def _area(session: Session, actor: Actor, pick: Pick, asked: _Asked) -> None:
    wanted = asked.wanted
    found = area_cards.card(session, actor, pick.code, wanted, asked.period)
    area = found.area
    st.markdown(f"#### {md(area.name)}")
    homes = _("{n} households", n=f"{area.households:,}") if area.households else ""
    st.caption(" · ".join(filter(None, (term("level", area.level), term(area.level, area.kind), homes))))
    with st.container(border=True, gap="xsmall"):
        for code, count in found.figures.items():
            _figure(code, count)
        st.caption(_counted(actor, found))
    if found.categories:
        named = "  \n".join(f"{md(term('category', code))} · **{number}**" for code, number in found.categories)
        st.caption(_("Raised most"))
        st.markdown(named)
    estate_card.show(session, actor, area)
    _area_steps(session, actor, area, pick, wanted)


def _counted(actor: Actor, found: AreaCard) -> str:
    """Over which months the rates are, and whether the filter of the map applies."""
    over = _("Now; rates over: {months}", months=periods.said(found.over))
    only = _("only what matches the filter") if found.filtered else ""
    told = only if reads_all(actor) else _("all matters, whatever the filter")
    return " · ".join(filter(None, (over, told)))


def _figure(code: str, count: Count | None) -> None:
    told = indicators.definitions()[code]
    shown = _("not shown") if count is None else figure_cards.value(count, told.unit)
    parts = "" if count is None or count.denominator is None else f"{count.numerator}/{count.denominator}"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(term("indicator", code), help=md(told.text("definition", language())), width="content")
        st.markdown(f":gray[{parts}] **{shown}**" if parts else f"**{shown}**", width="content")


def _area_steps(session: Session, actor: Actor, area: Area, pick: Pick, wanted: Filter) -> None:
    if st.query_params.get("area") != area.code and st.session_state.get("area") != area.code:
        st.button(
            _("Open this area"),
            icon=":material/zoom_in_map:",
            on_click=filters.go_to,
            args=(area.code,),
            type="primary",
            width="stretch",
            key=f"open-{area.code}",
        )
    page, more = list_pages.page(wanted.flow)
    page_link(page, _("List of its matters"), ":material/list_alt:", **_list(wanted, area) | more)
    page_link("biography", _("Everything that happened here"), ":material/history:", area=area.code)
    _new_here(session, actor, area, pick)


_LISTED = ("openness", "state", "clock", "category", "source", "unit", "figure", "text", "opened_from", "opened_to")


def _list(wanted: Filter, area: Area) -> dict[str, str]:
    asked = {name: getattr(wanted, name) for name in _LISTED}
    return filters.params(area, **asked)


def _new_here(session: Session, actor: Actor, area: Area, pick: Pick) -> None:
    runs = filter(begin_links.on_a_spot, flows_here.of(session, actor, areas.scope(session, actor, area.code)).flows)
    spot = {"lng": f"{pick.lng:.6f}", "lat": f"{pick.lat:.6f}"} if pick.lng or pick.lat else {}
    for flow in begin_links.by_hand(actor, area.path, runs):
        said = _("New here: {flow}", flow=md(flows_here.name(flow)))
        begin_links.link(flow, said, ":material/add_location_alt:", area=area.code, **spot)


def _matter(session: Session, actor: Actor, pick: Pick, _asked: _Asked) -> None:
    for number in (pick.code, *pick.also):
        row = matters.rows(session, [workflow.load(session, actor, number).id], actor=actor)[0]
        with st.container(border=True, key=f"spot-{number}", gap="xsmall"):
            with st.container(horizontal=True, horizontal_alignment="distribute"):
                st.caption(number)
                clock_badge(row.standing)
            matter_link(row.matter)
            state = term(f"state.{row.matter.flow}", row.matter.state)
            due = _("due {day}", day=day(row.matter.due_at)) if row.matter.due_at and row.matter.is_open else ""
            facts = (state, term("category", row.matter.category), row.area, row.unit, due)
            st.caption(md(" · ".join(filter(None, facts))))


def _venue(session: Session, actor: Actor, pick: Pick, _asked: _Asked) -> None:
    venue, area = matter_points.venue(session, actor, pick.code)
    st.markdown(f"#### {md(venue.name)}")
    room = _("{n} seats", n=venue.capacity) if venue.capacity else ""
    st.caption(md(" · ".join(filter(None, (term("venue", venue.kind), area.name, room)))))
    if venue.hours:
        st.markdown(md(venue.hours))
    page_link("deliberations", _("Deliberations of this area"), ":material/groups:", area=area.code)


def _point(session: Session, actor: Actor, pick: Pick, asked: _Asked) -> None:
    area = areas.at_point(session, pick.lng, pick.lat)
    if area is None or not area.path.startswith(actor.area_path):
        st.info(_("This spot lies outside every area you can see. Click inside a boundary."))
        return
    _area(session, actor, replace(pick, code=area.code), asked)


_CARDS = {"area": _area, "matter": _matter, "venue": _venue, "point": _point}
