"""The word on years whose working days are not known in full, wherever deadlines or rules are shown."""

from datetime import datetime

import streamlit as st

from services.rules import calendars
from services.system import clock
from ui.frame.text import _


def ahead() -> None:
    """The same for this year and the next, which what is filed now may reach."""
    show(clock.first_of_month(clock.month_of(clock.now()) + 12))


def show(*moments: datetime | None) -> None:
    """Say what is missing of this year's calendar, and of the years these deadlines reach into."""
    years = {clock.today().year, *(clock.local(moment).year for moment in moments if moment)}
    said = " ".join(_(message, year=year) for message, year in calendars.gaps(years))
    if said:
        st.caption(f":material/event_busy: {said}")
