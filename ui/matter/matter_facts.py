"""The facts of a matter: what, where, who, until when."""

import streamlit as st
from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from services.engine import deadlines, flows
from services.places import areas
from services.rights.matter_rights import READ, may_with
from services.rights.permissions import may
from ui.frame import blocks
from ui.frame.session import actor
from ui.frame.text import _, day, distance, md, moment, term
from ui.matter import entered_values, matter_tables


def head(matter: Matter) -> None:
    """Title, number, state and clock."""
    st.title(md(matter.title))
    with st.container(key="head"):
        parts = (
            blocks.badge(term(f"state.{matter.flow}", matter.state), "blue"),
            matter_tables.clock_mark(deadlines.standing(matter)),
            blocks.text("span", f"{matter.number} · {term('flow', matter.flow)}", "mulin-quiet"),
            blocks.badge(_("Sample data"), "gray") if matter.sample else "",
        )
        blocks.draw(blocks.wrapped("div", "".join(parts), "mulin-head"))


def body(session: Session, matter: Matter, top: str, names: dict[str, str], more: list[tuple[str, str]]) -> None:
    """The facts as a list, with those its flow keeps and ``more`` at the end; places lead to the map."""
    area = session.get_one(Area, matter.area_id)
    unit = session.get(Organisation, matter.unit_id or 0)
    if matter.description:
        st.text(matter.description)
    told = (*_facts(session, matter, area, unit, top), *_kept(matter, names), *more)
    rows = "".join(
        blocks.wrapped("div", blocks.text("dt", label) + blocks.text("dd", said)) for label, said in told if said
    )
    way = ""
    if may(actor(), "page.map"):
        way = blocks.link("map", blocks.text("span", _("On the map")), "mulin-way", area=area.code)
    ways = blocks.wrapped("div", way + _repeats(session, matter), "mulin-between")
    blocks.draw(blocks.wrapped("dl", rows, "mulin-facts"), ways)


def _repeats(session: Session, matter: Matter) -> str:
    before = session.get(Matter, matter.repeats_id or 0)
    if before is None or not may_with(session, actor(), READ, before):
        return ""
    said = _("Came back: {number} was closed on {day}", number=before.number, day=day(before.closed_at))
    return blocks.link("matter", blocks.text("span", said), "mulin-way", no=before.number)


def _facts(session: Session, matter: Matter, area: Area, unit: Organisation | None, top: str) -> list[tuple[str, str]]:
    due = (
        f"{moment(matter.due_at)} ({distance(matter.due_at)})"
        if matter.due_at and matter.is_open
        else moment(matter.due_at)
    )
    where = " › ".join(step.name for step in areas.ancestors(session, area.path, top))
    return [
        (_("Area"), where),
        (_("Place"), matter.location),
        (_("Category"), term("category", matter.category)),
        (_("Source"), term("source", matter.source)),
        (_("Unit"), unit.name if unit else ""),
        (_("Due"), due),
        (_("Raised on"), moment(matter.opened_at)),
        (_ended(matter), moment(matter.closed_at)),
    ]


def _ended(matter: Matter) -> str:
    """What the end of the matter is called; one that was dropped was not closed but something else."""
    state = flows.state(matter.flow, matter.state)
    said = term(f"state.{matter.flow}", matter.state)
    return _("{state} on", state=said) if state.kind == "dropped" else _("Closed on")


def _kept(matter: Matter, names: dict[str, str]) -> list[tuple[str, str]]:
    """The fields that ``flow.toml`` shows on the page, as far as the matter has them."""
    kept = matter.detail or {}
    shown = [name for name in flows.flow(matter.flow).words("page", "facts") if kept.get(name) not in (None, "")]
    return [
        (entered_values.label(matter.flow, name), entered_values.said(matter.flow, name, kept[name], names))
        for name in shown
    ]
