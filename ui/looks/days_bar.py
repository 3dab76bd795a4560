"""The bar of the calendar: month or week, back, today and on, whose turn, and the file to take along."""

from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

import streamlit as st

from services.looks import days
from services.looks.day_addresses import Wanted
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame import url
from ui.frame.exports import link_row
from ui.frame.text import _, term


def usual() -> str:
    """The view where the URL names none: a week on a phone, else a month."""
    return "week" if "Mobi" in st.context.headers.get("User-Agent", "") else "month"


def show(wanted: Wanted) -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="center", key="days-bar"):
        st.segmented_control(
            _("View"),
            days.VIEWS,
            key=url.recall("view", days.VIEWS, usual()),
            on_change=url.keep,
            args=("view",),
            required=True,
            format_func=lambda code: term("days_view", code),
            label_visibility="collapsed",
        )
        _step(":material/chevron_left:", _("Earlier"), _before(wanted))
        _step(":material/today:", _("Today"), clock.today())
        _step(":material/chevron_right:", _("Later"), _after(wanted))
        st.toggle(_("Waiting for me"), key=_recalled(), on_change=_keep_mine)


def _step(icon: str, label: str, to: date) -> None:
    st.button(label, key=f"days-{icon}", icon=icon, on_click=_go, args=(to.isoformat(),))


def _go(at: str) -> None:
    st.query_params["at"] = at


def _before(wanted: Wanted) -> date:
    return wanted.at - timedelta(days=7) if wanted.view == "week" else wanted.at.replace(day=1) - timedelta(days=1)


def _after(wanted: Wanted) -> date:
    if wanted.view == "week":
        return wanted.at + timedelta(days=7)
    return (wanted.at.replace(day=1) + timedelta(days=32)).replace(day=1)


def _recalled() -> str:
    st.session_state["days-mine"] = bool(st.query_params.get("mine"))
    return "days-mine"


def _keep_mine() -> None:
    if st.session_state["days-mine"]:
        st.query_params["mine"] = "1"
    else:
        st.query_params.pop("mine", None)


def take_along(actor: Actor, here: Scope, wanted: Wanted) -> None:
    """What is shown as a file for another calendar."""
    if may(actor, "export.lists"):
        asked = {**dict(st.query_params), "area": here.code, "view": wanted.view, "at": wanted.at.isoformat()}
        title = _("What is shown here, for the calendar on your telephone or computer.")
        link = f"/export/days.ics?{urlencode(asked)}"
        st.html(
            link_row(f'<a href="{escape(link)}" target="_self" title="{escape(title)}">iCalendar (.ics)</a>'),
            width="content",
        )
