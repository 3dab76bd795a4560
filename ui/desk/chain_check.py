"""The chain, checked on request: every event recomputed, and a sentence that says what was found."""

import streamlit as st
from sqlmodel import Session

from services.keep import inspection
from services.keep.problems import Problem, VerifyReport
from services.rights.matter_rights import open_numbers
from services.rights.permissions import Actor
from services.system import clock, db
from services.words.i18n import listed
from ui.frame.text import _, md, moment

_SHOWN = 50
_IDLE = listed("Recomputes every event and every seal, and looks at the file, the schema and the search index.")


def show(actor: Actor) -> None:
    """A button that checks everything, and the last result in this session: each break this person may read of."""
    with st.container(border=True, key="chain"):
        st.button(_("Verify the chain"), on_click=_check, args=(actor,), icon=":material/fact_check:")
        if found := st.session_state.get("chain"):
            _result(*found)
        else:
            st.caption(_(_IDLE))


def _check(actor: Actor) -> None:
    with db.reading() as session:
        db.hold_still(session)
        report = inspection.inspect(session)
        told = _told(session, actor, report.problems)
    problems = [(problem.number, _(problem.message, **problem.params)) for problem in told[:_SHOWN]]
    st.session_state["chain"] = (moment(clock.now()), report.events, report.found, problems, _since(report))


def _since(report: VerifyReport) -> str:
    """Since when the seals vouch for what people read."""
    if report.since is None or not report.as_found:
        return ""
    return _(
        "Sealed since {time}. {count} rows that were there before were sealed as they were found: nothing vouches for"
        " what happened to them earlier.",
        time=moment(report.since),
        count=f"{report.as_found:,}",
    )


def _told(session: Session, actor: Actor, found: list[Problem]) -> list[Problem]:
    """What is told by its number: to whoever sees everything all of it, to others what is about matters of theirs."""
    if not actor.area_path:
        return found
    known = open_numbers(session, actor, {problem.number for problem in found})
    return [problem for problem in found if problem.number in known]


def _result(at: str, events: int, count: int, problems: list[tuple[str, str]], since: str = "") -> None:
    if since:
        st.caption(since)
    if not count:
        st.success(
            _("Sound at {at}: {events} events, no break found.", at=at, events=f"{events:,}"),
            icon=":material/verified:",
        )
        return
    st.error(
        _(
            "{count} breaks found at {at}. Stop changing records, keep a copy, and compare with the last backup.",
            count=count,
            at=at,
        )
    )
    for number, message in problems:
        st.markdown(f"✗ {md(number)} · {md(message)}")
