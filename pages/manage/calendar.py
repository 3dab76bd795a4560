import pandas as pd
import streamlit as st

from services.rights.permissions import may
from services.rules import calendars, work_hours
from services.system import clock
from services.system.settings import settings
from ui.desk import calendar_view
from ui.frame import local_problems, session, url
from ui.frame.text import _, language, term

actor = session.require("page.calendar")

st.title(_("Working calendar"))
st.caption(_("Deadlines in working days and work hours are counted by this calendar, in the office's time zone."))
known = {found.year: found for found in calendars.years()}
this = clock.today().year
offered = [str(number) for number in sorted({*known, this, this + 1})]
chosen = st.segmented_control(
    _("Year"),
    offered,
    key=url.recall("year", offered, str(this)),
    on_change=url.keep,
    args=("year",),
    required=True,
    label_visibility="collapsed",
)
number = int(chosen or this)
found = known.get(number)
local_problems.show((*calendars.problems(), *work_hours.spans().problems))
for message, year in calendars.gaps({number}):
    st.warning(_(message, year=year), icon=":material/event_busy:")
calendar_view.legend()
calendar_view.year(number, found)
if found:
    st.subheader(_("Days of the year {year}", year=number))
    rows = [
        {
            _("Date"): day.date.isoformat(),
            _("Kind"): f"{calendar_view.SHAPES[day.kind]} {term('calendar_day', day.kind)}",
            _("Name"): day.name(language()),
            _("Source"): day.source,
            _("Evidence"): day.mark,
        }
        for day in found.days
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="content" if len(rows) <= 40 else 480)
    st.caption(_("From your own file.") if found.local else _("From the program's own data."))
st.subheader(_("Work hours"))
spans = work_hours.spans()
weekdays = [
    (weekday, " · ".join(span.text for span in spans.rows if span.weekday == weekday))
    for weekday in work_hours.WEEKDAYS
]
named = dict(zip(work_hours.WEEKDAYS, (*calendar_view.weekdays(), term("calendar_day", "workday")), strict=True))
st.dataframe(
    pd.DataFrame([{_("Day"): named[weekday], _("Hours"): said} for weekday, said in weekdays]),
    hide_index=True,
    placeholder="–",
)
sources = sorted({f"{span.source} ({span.mark})" for span in spans.rows})
st.caption(_("Time zone: {zone}.", zone=settings().timezone) + " " + " · ".join(sources))
if may(actor, "calendar.correct"):
    st.subheader(_("Add or correct a year"))
    local_problems.place(f"calendars/{number}.csv")
    local_problems.place(work_hours.FILE)
    st.markdown(_("Take the file below, change it, and put it there. It is read within seconds; no restart is needed."))
    st.download_button(
        _("The calendar of {year} as a file", year=number),
        calendars.as_file(number),
        f"{number}.csv",
        "text/csv",
        icon=":material/download:",
    )
