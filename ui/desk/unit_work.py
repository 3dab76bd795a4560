"""What waits for a unit, as cards with the steps its clerk may take, most urgent first."""

import streamlit as st
from sqlmodel import Session

from services.lines.unit_desk import Desk
from services.matters.matters import Row
from services.rights.permissions import Actor
from ui.frame import blocks, calendar_notice
from ui.frame.links import page_link
from ui.frame.text import _, md
from ui.matter import matter_tables, steps

_TOLD = 90


def show(session: Session, actor: Actor, unit: str, desk: Desk) -> None:
    """First what the unit goes on with, then what of its matters waits for somebody else."""
    if not desk.waiting:
        said = _("Nothing waits for {unit}. What is dispatched to it appears here.", unit=md(unit))
        st.success(said, icon=":material/done_all:")
    _cards(session, actor, desk.waiting, desk.counts["waiting"])
    if desk.elsewhere:
        st.subheader(_("Waiting for others · {count}", count=desk.counts["elsewhere"]))
        _cards(session, actor, desk.elsewhere, desk.counts["elsewhere"])
    calendar_notice.show(*(row.matter.due_at for row in desk.waiting))


def counts(desk: Desk) -> None:
    """How much waits, and how urgent it is, in a line."""
    late, soon = desk.counts["overdue"], desk.counts["due_soon"]
    said = [_("**{count}** wait for you", count=desk.counts["waiting"])]
    said += [_(":red[**{count}** overdue]", count=late)] if late else []
    said += [_(":orange[**{count}** due soon]", count=soon)] if soon else []
    st.markdown(" · ".join(said), width="content")


def _cards(session: Session, actor: Actor, rows: list[Row], there: int) -> None:
    for row in rows:
        with st.container(border=True, key=f"unit-{row.matter.number}", gap="xsmall"):
            way = blocks.link("matter", matter_tables.brief(row), "mulin-brief", no=row.matter.number)
            blocks.draw(way, blocks.text("p", _told(row), "mulin-quiet"))
            steps.show(session, actor, row.matter)
    if there > len(rows):
        page_link("ledger", _("All {count}", count=there), icon=":material/arrow_forward:")


def _told(row: Row) -> str:
    text, where = row.matter.description, row.matter.location
    shown = text if len(text) <= _TOLD else f"{text[: _TOLD - 1]}…"
    return " · ".join(filter(None, (where if where != row.area else "", shown)))
