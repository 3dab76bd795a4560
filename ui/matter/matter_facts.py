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
from ui.frame.links import page_link
from ui.frame.session import actor
from ui.frame.text import _, day, distance, md, moment, term
from ui.matter import entered_values, matter_tables


def head(matter: Matter) -> None:
    """Title, number, state and clock."""
    st.title(md(matter.title))
    with st.container(horizontal=True, vertical_alignment="center", key="head"):
        st.badge(term(f"state.{matter.flow}", matter.state), color="blue")
        matter_tables.clock_badge(deadlines.standing(matter))
        st.caption(f"{matter.number} · {term('flow', matter.flow)}")
        if matter.sample:
            st.badge(_("Sample data"), color="gray")


def body(session: Session, matter: Matter, top: str, names: dict[str, str], more: list[tuple[str, str]]) -> None:
    """The facts as a list, with those its flow keeps and ``more`` at the end; places lead to the map."""
    area = session.get_one(Area, matter.area_id)
    unit = session.get(Organisation, matter.unit_id or 0)
    if matter.description:
        st.text(matter.description)
    with st.grid(columns="auto", min_column_width=170, gap="small"):
        for label, said in (*_facts(session, matter, area, unit, top), *_kept(matter, names), *more):
            if said:
                st.markdown(f":gray[{label}]  \n{md(said)}")
    with st.container(horizontal=True):
        if may(actor(), "page.map"):
            page_link("map", _("On the map"), icon=":material/map:", area=area.code)
        _repeats(session, matter)


def _repeats(session: Session, matter: Matter) -> None:
    before = session.get(Matter, matter.repeats_id or 0)
    if before is not None and may_with(session, actor(), READ, before):
        label = _("Came back: {number} was closed on {day}", number=before.number, day=day(before.closed_at))
        page_link("matter", md(label), icon=":material/replay:", no=before.number)


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
    return _("{state} on", state=md(said)) if state.kind == "dropped" else _("Closed on")


def _kept(matter: Matter, names: dict[str, str]) -> list[tuple[str, str]]:
    """The fields that ``flow.toml`` shows on the page, as far as the matter has them."""
    kept = matter.detail or {}
    shown = [name for name in flows.flow(matter.flow).words("page", "facts") if kept.get(name) not in (None, "")]
    return [
        (md(entered_values.label(matter.flow, name)), entered_values.said(matter.flow, name, kept[name], names))
        for name in shown
    ]
