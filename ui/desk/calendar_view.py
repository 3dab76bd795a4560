"""A year of the working calendar: twelve months, each day off and each make-up day with a shape and its name."""

from calendar import Calendar
from datetime import date
from html import escape

import streamlit as st
from babel.dates import get_day_names, get_month_names

from services.rules.calendars import Day, Year
from services.system import clock
from ui.frame.text import _, language, term

SHAPES = {"holiday": "○", "workday": "■"}


def year(number: int, found: Year | None) -> None:
    """Draw the twelve months of a year."""
    known = {day.date: day for day in found.days} if found else {}
    months = "".join(_month(number, month, known) for month in range(1, 13))
    st.html(f'{_STYLE}<div class="mulin-year">{months}</div>')


def weekdays() -> list[str]:
    """Monday to Friday in words."""
    names = get_day_names("wide", context="stand-alone", locale=language())
    return [names[at] for at in range(5)]


def legend() -> None:
    """What the shapes mean."""
    kinds = " · ".join(f"{SHAPES[kind]} {term('calendar_day', kind)}" for kind in SHAPES)
    st.caption(kinds + " · " + _("grey: weekend"))


def _month(number: int, month: int, known: dict[date, Day]) -> str:
    tongue = language()
    name = get_month_names("wide", context="stand-alone", locale=tongue)[month]
    heads = get_day_names("narrow", context="stand-alone", locale=tongue)
    row = "".join(f"<th>{escape(heads[at])}</th>" for at in range(7))
    weeks = "".join(
        "<tr>" + "".join(_cell(day, known) if day.month == month else "<td></td>" for day in week) + "</tr>"
        for week in Calendar().monthdatescalendar(number, month)
    )
    return f"<table><caption>{escape(name)}</caption><tr>{row}</tr>{weeks}</table>"


def _cell(day: date, known: dict[date, Day]) -> str:
    found = known.get(day)
    kind = found.kind if found else "weekend" if day.weekday() > 4 else "plain"
    said = f"{day} {found.name(language())} ({term('calendar_day', found.kind)})" if found else str(day)
    today = " today" if day == clock.today() else ""
    shape = f"<i>{SHAPES[found.kind] if found else '&nbsp;'}</i>"
    return f'<td class="{kind}{today}" title="{escape(said)}" aria-label="{escape(said)}">{day.day}{shape}</td>'


_STYLE = """<style>
.mulin-year{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:1rem 1.6rem;max-width:1150px}
.mulin-year table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:.85rem;align-self:start}
.mulin-year caption{text-align:left;font-weight:600;padding:.2rem 0}
.mulin-year th{font-weight:400;color:#6b6259;font-size:.75rem}
.mulin-year td,.mulin-year th{text-align:center;padding:.24rem 0;border:0}
.mulin-year td i{display:block;font-style:normal;font-size:.5rem;line-height:.6rem;min-height:.6rem}
.mulin-year .weekend{color:#5F646C}
.mulin-year .holiday{color:#A61E22;background:#FBEFEA;font-weight:600}
.mulin-year .workday{color:#22262B;background:#DCE7EA;font-weight:600}
.mulin-year .today{outline:2px solid #A61E22;outline-offset:-2px;border-radius:3px}
</style>"""
