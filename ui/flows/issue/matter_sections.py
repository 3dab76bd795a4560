"""What the page of an issue shows besides: what was asked for, merged reports, likely duplicates, how often held."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import flows, workflow
from services.flows.issue import follow_ups, holds
from services.rights.permissions import Actor, only_public
from ui.flows.issue import likely_duplicates, merged_reports
from ui.frame.text import _, day, md, moment, term
from ui.matter import matter_page


@matter_page.section("issue", "above")
def request(session: Session, _actor: Actor, matter: Matter) -> None:
    """What whoever asked for wants, above the steps of whoever decides."""
    if matter.state not in _asked():
        return
    found = holds.request(session, matter)
    if found is None:
        return
    told = {"who": found.actor, "time": moment(found.at), "day": day(found.until)}
    said = _("{who} at {time}: {what}, until {day}.", what=term("action.issue", found.action), **told)
    st.info(f"**{md(said)}**  \n{md(found.note)}", icon=":material/pending_actions:")
    if matter.due_at:
        due = moment(matter.due_at)
        st.caption(_("The clock runs until this is decided. The deadline stands at {time}.", time=due))


def _asked() -> set[str]:
    """The states in which a request waits to be decided."""
    return {arrow.target for arrow in flows.arrows("issue") if arrow.action in holds.ASKING}


@matter_page.section("issue", "above")
def reopening(session: Session, actor: Actor, matter: Matter) -> None:
    """That the answers of a follow-up suggest to reopen the issue, to whoever may."""
    arrows = workflow.open_arrows(session, actor, matter)
    if any(arrow.action == "reopen" for arrow in arrows) and follow_ups.suggests_reopening(session, matter):
        st.warning(
            _("Whoever raised it is not content with how it was solved. Consider reopening it."),
            icon=":material/replay:",
        )


matter_page.section("issue", "steps")(merged_reports.show)
matter_page.section("issue", "steps")(likely_duplicates.at_intake)


@matter_page.facts("issue")
def granted(session: Session, actor: Actor, matter: Matter) -> list[tuple[str, str]]:
    """How often the issue was held and extended; the public is told the deadline, and not how it came about."""
    if only_public(actor):
        return []
    counted = holds.granted(session, matter)
    times = ((_("Times held"), counted["suspend"]), (_("Times extended"), counted["extend"]))
    return [(label, str(count)) for label, count in times if count]
