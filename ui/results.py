"""Results 表决结果: once both counts agree, each option's votes and share, and which one carries."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services import compliance, meetings
from services.meetings import Result
from ui import standing
from ui.text import _, md, term


def show(session: Session, topic: Matter, meeting: Meeting) -> None:
    """The result; where the two counts differ, each place with both figures; nothing before both are in."""
    different = meetings.mismatches(session, meeting)
    if meetings.counted(session, meeting):
        _shares(session, topic, meeting)
    elif all(meetings.tally(session, meeting, counter) for counter in meetings.COUNTERS):
        standing.line("advice", _("The two counts differ. Count these again:"))
        for option, channel, first, second in different:
            figures = _("first {first}, second {second}", first=first or 0, second=second or 0)
            st.markdown(f"**{md(option.title)}** · {term('channel', channel)} · {figures}")


def _shares(session: Session, topic: Matter, meeting: Meeting) -> None:
    found = compliance.lead(session, topic, meeting)
    for result in meetings.results(session, meeting):
        st.progress(min(result.share, 1.0), text=_share(result))
    if found.carries:
        standing.line("met", _("Carried: {option}", option=f"**{md(found.result.option.title)}**"))
    elif found.tied:
        standing.line("unmet", _("The leading options have the same votes: none is carried."))
    else:
        standing.line("unmet", _("No option has the votes it needs."))


def _share(result: Result) -> str:
    votes = _("{votes} votes · {share} of those entitled", votes=result.votes, share=f"{result.share:.0%}")
    return f"**{md(result.option.title)}** · {votes}"
