"""Results 表决结果: once both counts agree, each option's votes and share, and which one carries."""

import streamlit as st
from sqlmodel import Session

from models.meeting import Meeting
from services.meetings import compliance, meetings
from services.meetings.compliance import Lead
from services.words import vocabulary
from ui.frame import status_badge
from ui.frame.text import _, md, term


def show(session: Session, meeting: Meeting) -> None:
    """The result, once both counts are in and agree."""
    if meetings.counted(session, meeting):
        _shares(session, meeting)


def differences(session: Session, meeting: Meeting) -> None:
    """Where the two counts differ: each place with both figures; nothing before both are in."""
    different = meetings.mismatches(session, meeting)
    if different and all(meetings.tally(session, meeting, counter) for counter in meetings.COUNTERS):
        status_badge.line("advice", _("The two counts differ. Count these again:"))
        for option, channel, first, second in different:
            figures = _("first {first}, second {second}", first=first or 0, second=second or 0)
            st.markdown(f"**{md(option.title)}** · {term('channel', channel)} · {figures}")


def _shares(session: Session, meeting: Meeting) -> None:
    found = compliance.lead(session, meeting)
    st.markdown(_table(session, meeting, found))
    if found.carries:
        status_badge.line("met", _("Carried: {option}", option=f"**{md(found.result.option.title)}**"))
    elif not compliance.fits(session, meeting):
        status_badge.line("unmet", _("More votes were counted than people are there or expected now. Count again."))
    elif found.tied:
        status_badge.line("unmet", _("The leading options have the same votes: none is carried."))
    else:
        status_badge.line("unmet", _("No option has the votes it needs."))


def _table(session: Session, meeting: Meeting, found: Lead) -> str:
    votes = meetings.tally(session, meeting, 1)
    used = [
        channel
        for channel in vocabulary.codes("channel")
        if any(cast for (_id, c), cast in votes.items() if c == channel and cast)
    ]
    heads = [_("Option"), *(term("channel", channel) for channel in used), _("Together"), _("Share")]
    rows = [heads, [":--", *["--:"] * (len(used) + 2)]]
    for result in meetings.results(session, meeting):
        mark = "**" if found.carries and result.option.id == found.result.option.id else ""
        cells = [str(votes.get((result.option.id, channel), 0)) for channel in used]
        rows.append([f"{mark}{md(result.option.title)}{mark}", *cells, str(result.votes), f"{result.share:.0%}"])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
