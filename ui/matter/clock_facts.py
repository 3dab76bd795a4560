"""The clock of a matter in facts: what it was given, what was asked for, how often it was held and extended."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import deadlines, flows
from services.flows.issue import holds
from services.rights.permissions import Actor, only_public
from ui.frame import durations
from ui.frame.text import _, day, md, moment, term


def facts(session: Session, actor: Actor, matter: Matter) -> list[tuple[str, str]]:
    """What the clock was given, how often it was held; the public is told the deadline, and not how it came about."""
    return _facts(session, matter) if _timed(matter.flow) and not only_public(actor) else []


def request(session: Session, matter: Matter) -> None:
    """What whoever asked for wants, above the steps of whoever decides."""
    if matter.state not in _asked(matter.flow):
        return
    found = holds.request(session, matter)
    if found is None:
        return
    told = {"who": found.actor, "time": moment(found.at), "day": day(found.until)}
    said = _("{who} at {time}: {what}, until {day}.", what=term(f"action.{matter.flow}", found.action), **told)
    st.info(f"**{md(said)}**  \n{md(found.note)}", icon=":material/pending_actions:")
    if matter.due_at:
        due = moment(matter.due_at)
        st.caption(_("The clock runs until this is decided. The deadline stands at {time}.", time=due))


def _timed(flow: str) -> bool:
    """Whether the clock of a flow runs by the limits of categories and units."""
    return any(arrow.deadline in ("category", "unit") for arrow in flows.arrows(flow))


def _asked(flow: str) -> set[str]:
    """The states in which a request waits to be decided."""
    return {arrow.target for arrow in flows.arrows(flow) if arrow.action in holds.ASKING}


def _facts(session: Session, matter: Matter) -> list[tuple[str, str]]:
    found = []
    if matter.category:
        limit = deadlines.limit_of(session, matter)
        found.append((_("Time allowed"), durations.limit(limit)))
    if matter.hold_until:
        found.append((_("Expected end of the hold"), day(matter.hold_until)))
    if matter.time_left is not None:
        found.append((_("Clock stopped"), _left(session, matter, matter.time_left)))
    counted = holds.granted(session, matter)
    times = ((_("Times held"), counted["suspend"]), (_("Times extended"), counted["extend"]))
    found += [(label, str(count)) for label, count in times if count]
    return found


def _left(session: Session, matter: Matter, left: int) -> str:
    said = durations.seconds(abs(left), deadlines.clock_of(session, matter))
    return _("with {amount} left", amount=said) if left >= 0 else _("{amount} after the deadline", amount=said)
