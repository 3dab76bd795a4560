"""The form that asks for a venue, a room or a thing."""

from datetime import date, datetime, time

import streamlit as st

from services.flows.booking import bookings
from services.flows.booking.bookings import NewBooking
from services.system import clock
from services.system.settings import settings
from ui.frame import saving
from ui.frame.text import _, md

_FROM, _UNTIL = time(9), time(11)


def show(what: str, name: str, days: list[date]) -> None:
    """Ask for it; who approves looks for what else takes it then."""
    st.subheader(_("Ask for {name}", name=md(name)))
    key = f"booking-{what}"
    day = max(days[0], clock.today())
    with st.form(key, border=True):
        st.text_input(_("What for"), key=f"{key}-title", max_chars=120, placeholder=_("Choir practice"))
        with st.container(horizontal=True):
            st.date_input(_("Date"), day, key=f"{key}-day", format="YYYY-MM-DD", width=160)
            st.time_input(_("Starts at"), _FROM, key=f"{key}-from", width=120)
            st.time_input(_("Ends at"), _UNTIL, key=f"{key}-until", width=120)
            if what.startswith("venue."):
                st.number_input(_("People expected"), 0, 9999, 0, key=f"{key}-people", width=150)
            else:
                st.number_input(_("How many"), 1, 99_999, 1, key=f"{key}-quantity", width=150)
        st.form_submit_button(_("Ask for it"), on_click=_ask, args=(what, key, saving.token(key)), type="primary")


def _ask(what: str, key: str, token: str) -> None:
    said, zone = st.session_state, settings().zone
    entered = NewBooking(
        what=what,
        title=said[f"{key}-title"],
        starts_at=datetime.combine(said[f"{key}-day"], said[f"{key}-from"], zone),
        ends_at=datetime.combine(said[f"{key}-day"], said[f"{key}-until"], zone),
        people=said.get(f"{key}-people", 0),
        quantity=said.get(f"{key}-quantity", 1),
    )
    if saving.once(key, token, bookings.ask, entered) is not None:
        said[f"{key}-title"] = ""
