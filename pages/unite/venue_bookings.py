from datetime import timedelta

import streamlit as st

from services.flows.booking import bookings
from services.system import clock, db
from ui.frame import filters, session, url
from ui.frame.links import page_link
from ui.frame.text import _
from ui.venues import booking_calendar, booking_form, booking_queue

actor = session.require("page.venue_bookings")

with db.reading() as data:
    here = filters.place(data, actor)
    st.title(_("Venue bookings"))
    offered = bookings.offered(data, here.path)
    if not offered:
        st.info(
            _("Nothing can be booked here yet. Register a venue, or a room or thing of an organisation."),
            icon=":material/info:",
        )
        page_link("venues", _("Venues"), ":material/location_home:")
        st.stop()
    what = st.selectbox(
        _("Venue, room or thing"),
        list(offered),
        key=url.recall("what", list(offered), next(iter(offered))),
        on_change=url.keep,
        args=("what",),
        format_func=lambda code: offered[code],
        width=420,
    )
    booking_calendar.bar()
    days = booking_calendar.days()
    first, last = clock.start_of(days[0]), clock.start_of(days[-1] + timedelta(days=1))
    waiting = bookings.asked(data, what, first, last)
    booking_calendar.show(data, actor, bookings.taken(data, what, first, last), waiting)
    if bookings.may_ask(actor, here.path):
        booking_form.show(what, offered[what], days)
    booking_queue.show(data, actor, bookings.waiting(data, actor, here.path))
