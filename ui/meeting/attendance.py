"""Attendance 到场: how many of each category are here, saved as it is typed, and whether that is a quorum."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting
from services.meetings import compliance, meetings
from services.meetings.compliance import Finding
from services.words import vocabulary
from ui.frame import autosave, saving, status_badge
from ui.frame.text import _, md, term

_EXPECTED = "expected"


def show(session: Session, topic: Matter, meeting: Meeting, running: bool) -> None:
    """The counts, and the quorum line under them; numbers can be changed while the meeting runs."""
    stored: dict[str, int | None] = {**meetings.attendance(session, meeting)}
    stored[_EXPECTED] = meeting.expected or None
    if not running:
        _read(stored)
        _quorum(session, topic, meeting)
        return
    names = [*vocabulary.codes("participant"), _EXPECTED]
    with st.grid(min_column_width=124, vertical_alignment="bottom", key=f"attendance-{meeting.id}"):
        for name in names:
            _number(topic, meeting, name, stored.get(name))
    autosave.offer([_key(meeting, name) for name in names], _save, meeting.id, topic.number, topic.version)
    _quorum(session, topic, meeting)


def _read(stored: dict[str, int | None]) -> None:
    counts = [
        f"{term('participant', name)} {stored[name]}" for name in vocabulary.codes("participant") if stored.get(name)
    ]
    st.markdown(md(" · ".join(counts)))


def _key(meeting: Meeting, name: str) -> str:
    return f"present-{meeting.id}-{name}"


def _number(topic: Matter, meeting: Meeting, name: str, stored: int | None) -> None:
    key = _key(meeting, name)
    autosave.sync(key, stored)
    st.number_input(
        _("Expected") if name == _EXPECTED else term("participant", name),
        min_value=0,
        max_value=9999,
        value=None,
        step=1,
        key=key,
        placeholder="0",
        on_change=_save,
        args=(key, meeting.id, topic.number, topic.version),
    )


def _save(key: str, meeting_id: int, number: str, drawn: int) -> None:
    name, count = key.removeprefix(f"present-{meeting_id}-"), st.session_state.get(key) or 0
    if name == _EXPECTED:
        saved = saving.save(meetings.expect, number, drawn, count)
    else:
        saved = saving.save(meetings.take_attendance, number, drawn, {name: count})
    autosave.mark([key], saved)


def _quorum(session: Session, topic: Matter, meeting: Meeting) -> None:
    present = sum(meetings.attendance(session, meeting).values())
    found = next((f for f in compliance.findings(session, topic, meeting) if f.rule.check == "quorum"), None)
    counted = _("{present} present of {expected} expected", present=present, expected=meeting.expected)
    if found is None or found.standing == "open":
        st.caption(counted)
    elif found.standing == "met":
        status_badge.line("met", counted + " · " + _("quorum reached"))
    else:
        short = _("{missing} short of a quorum", missing=_missing(found, present, meeting.expected))
        status_badge.line("unmet" if found.rule.binding else "advice", f"{counted} · {short}")


def _missing(found: Finding, present: int, expected: int) -> int:
    return next(more for more in range(1, 100_000) if compliance.reaches(present + more, expected, found.rule))
