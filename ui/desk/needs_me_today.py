"""What needs me today, as a list that leads to each matter."""

import streamlit as st

from services.engine.telling import Sitting
from services.lines import today
from services.lines.broken_lines import Break
from services.lines.today import Agenda
from services.matters.matters import CAP, Row
from services.places.areas import Scope
from ui.frame import calendar_notice, flows_here
from ui.frame.filters import params
from ui.frame.links import page_link
from ui.frame.text import _, md, moment, term
from ui.matter import matter_tables


def show(agenda: Agenda, here: Scope) -> None:
    """Meetings first, then what is burning, then what waits for this person, then the rest."""
    kinds = " · ".join(map(flows_here.name, today.raised()))
    st.caption(_("Late and due soon: {kinds}. Waiting for you: every kind.", kinds=md(kinds)))
    late = (agenda.serious, agenda.overdue, agenda.due_soon, agenda.holds)
    if not any((*late, agenda.waiting, agenda.sittings, agenda.breaks, agenda.notices)):
        st.success(_("Nothing waits for you here. A good moment to walk the grid."), icon=":material/done_all:")
        return
    _sittings(agenda.sittings)
    _rows(_("Seriously overdue"), agenda.serious, agenda.counts["serious"], here, clock="serious")
    only = term("clock", "overdue_only")
    _rows(only, agenda.overdue, agenda.counts["overdue"], here, clock="overdue_only")
    _rows(_("Waiting for you"), agenda.waiting, agenda.counts["waiting"], here, openness="open")
    _breaks(agenda.breaks)
    _rows(_("Due soon"), agenda.due_soon, agenda.counts["due_soon"], here, clock="due_soon")
    _rows(_("Holds past their end"), agenda.holds, agenda.counts["hold_over"], here, clock="hold_over")
    _rows(_("On public notice"), agenda.notices, len(agenda.notices), here)
    shown = (*agenda.serious, *agenda.overdue, *agenda.due_soon, *agenda.holds, *agenda.waiting, *agenda.notices)
    calendar_notice.show(*(row.matter.due_at for row in shown))


def capped(number: int) -> str:
    """A count that stops at the cap: 1000+."""
    return f"{CAP}+" if number > CAP else str(number)


def _heading(title: str, number: int) -> None:
    st.markdown(f"##### {title} · {capped(number)}")


def _rows(title: str, rows: list[Row], number: int, here: Scope, **asked: str) -> None:
    if not rows:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _heading(title, number)
        if number > len(rows):
            page_link("ledger", _("All"), icon=":material/arrow_forward:", **params(here, **asked))
    matter_tables.cards(rows, f"agenda-{title}")


def _sittings(sittings: list[Sitting]) -> None:
    if sittings:
        _heading(_("Meetings"), len(sittings))
    for sitting in sittings:
        with st.container(border=True, gap="xsmall", key=f"sitting-{sitting.matter.number}"):
            page_link(sitting.page, md(sitting.matter.title), no=sitting.matter.number)
            st.caption(md(" · ".join((moment(sitting.at), *sitting.where))))


def _breaks(found: list[Break]) -> None:
    if found:
        _heading(_("Broken lines"), len(found))
    for gap in found:
        with st.container(border=True, gap="xsmall", key=f"break-{gap.stage}-{gap.number}"):
            page_link("line", md(gap.title), icon=":material/link_off:", no=gap.number)
            st.caption(_(gap.message, **gap.params))
