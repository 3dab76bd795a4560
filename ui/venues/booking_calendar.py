"""The week of one venue, room or thing: what takes it and what waits for a decision, in the look of the calendar."""

from datetime import date, timedelta
from html import escape

import streamlit as st
from babel.dates import get_day_names
from sqlmodel import Session

from services.rights.matter_rights import READ, may_with
from services.rights.permissions import Actor
from services.system import clock
from services.venues.availability import Use
from ui.frame import url
from ui.frame.text import _, language
from ui.looks import days_view


def days() -> list[date]:
    """The day or the week that the address asks for."""
    at = _at()
    if st.query_params.get("view") == "day":
        return [at]
    first = at - timedelta(days=at.weekday())
    return [first + timedelta(days=day) for day in range(7)]


def _at() -> date:
    try:
        found = clock.day_of(st.query_params.get("at", ""))
    except ValueError:
        return clock.today()
    return found if clock.FIRST_YEAR < found.year < clock.LAST_YEAR else clock.today()


def bar() -> None:
    """Week or day, back, today and on."""
    step = 1 if st.query_params.get("view") == "day" else 7
    names = {"week": _("One week"), "day": _("One day")}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            _("View"),
            list(names),
            key=url.recall("view", list(names), "week"),
            on_change=url.keep,
            args=("view",),
            required=True,
            format_func=lambda code: names[code],
            label_visibility="collapsed",
        )
        _step(":material/chevron_left:", _("Earlier"), _at() - timedelta(days=step))
        _step(":material/today:", _("Today"), clock.today())
        _step(":material/chevron_right:", _("Later"), _at() + timedelta(days=step))


def _step(icon: str, label: str, to: date) -> None:
    st.button(label, key=f"booking-{icon}", icon=icon, on_click=_go, args=(to.isoformat(),))


def _go(at: str) -> None:
    st.query_params["at"] = at


def show(session: Session, actor: Actor, taken: list[Use], asked: list[Use]) -> None:
    """Draw the days: a grid where there is room, a list on a phone."""
    shown, names = days(), get_day_names("abbreviated", context="stand-alone", locale=language())
    entries = [(use, "●") for use in taken] + [(use, "◇") for use in asked]
    heads = "".join(f'<div class="head">{escape(names[day.weekday()])}</div>' for day in shown)
    cells, rows = "", ""
    for day in shown:
        inner = "".join(_entry(session, actor, use, mark) for use, mark in entries if _falls(use, day))
        today = " today" if day == clock.today() else ""
        weekend = " weekend" if day.weekday() > 4 else ""
        cells += f'<section class="{weekend}{today}"><h4>{day.day}</h4>{inner}</section>'
        if inner or today:
            rows += (
                f'<section class="{today}"><h4>{day.isoformat()} {escape(names[day.weekday()])}</h4>{inner}</section>'
            )
    columns = f"grid-template-columns:repeat({len(shown)},minmax(0,1fr))"
    st.html(
        f'{days_view.STYLE}<div class="mulin-days week" style="{columns}">{heads}{cells}</div>'
        f'<div class="mulin-daylist">{rows}</div>'
    )
    given, waiting = _("Taken"), _("Asked for, not decided yet")
    st.caption(f"● {given} · ◇ {waiting}")


def _falls(use: Use, day: date) -> bool:
    begin = clock.start_of(day)
    return use.starts_at < begin + timedelta(days=1) and use.ends_at > begin


def _entry(session: Session, actor: Actor, use: Use, mark: str) -> str:
    time = f"{clock.local(use.starts_at):%H:%M}–{clock.local(use.ends_at):%H:%M}"
    if not may_with(session, actor, READ, use.matter):
        taken = escape(_("Taken"))
        return f'<span class="entry"><b>{mark}</b> {time} {taken}</span>'
    said = f"{time} {use.matter.title}"
    return (
        f'<a class="entry" data-go="on" href="/matter?no={escape(use.matter.number)}" title="{escape(said)}">'
        f"<b>{mark}</b> {escape(said)}<small>{escape(use.matter.number)}</small></a>"
    )
