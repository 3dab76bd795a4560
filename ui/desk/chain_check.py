"""The chain, checked on request: every event recomputed, and a sentence that says what was found."""

import streamlit as st

from services.keep import verify
from services.system import clock, db
from ui.frame.text import _, md, moment


def show() -> None:
    """A button that checks, and the last result in this session."""
    with st.container(border=True, key="chain"):
        st.button(_("Verify the chain"), on_click=_check, icon=":material/fact_check:")
        if found := st.session_state.get("chain"):
            _result(*found)
        else:
            st.caption(_("Recomputes every event. A changed, removed or reordered event is found."))


def _check() -> None:
    with db.reading() as session:
        report = verify.verify(session)
    problems = [(problem.number, _(problem.message, **problem.params)) for problem in report.problems[:50]]
    st.session_state["chain"] = (moment(clock.now()), report.events, report.found, problems)


def _result(at: str, events: int, count: int, problems: list[tuple[str, str]]) -> None:
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
