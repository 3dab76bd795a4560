"""The calendar on the screen: a month or a week of days, each entry a link to its matter; on a phone a list."""

from datetime import date
from html import escape
from urllib.parse import urlencode

import streamlit as st
from babel.dates import format_skeleton, get_day_names

from services.engine import deadlines
from services.looks import day_words
from services.looks.day_addresses import Wanted
from services.looks.days import Day, Entry
from services.rules import calendars
from services.system import clock
from ui.desk.calendar_view import SHAPES
from ui.frame.text import _, language, term
from ui.matter.matter_tables import CLOCK_SHAPES

_SHAPES = {"due": "◆", "meeting": "●", "publicity": "□", "occasion": "○"}
_KEPT = "◇"
_LATE = ("overdue", "serious", "held_late", "held_late_over", "extended_late")


def heading(wanted: Wanted) -> str:
    """The month, or the week by its first and last day."""
    tongue, span = language(), wanted.span
    if wanted.view == "month":
        return str(format_skeleton("yMMMM", wanted.at, locale=tongue))
    return f"{span.first.isoformat()} – {span.last.isoformat()}"


def show(wanted: Wanted, found: list[Day]) -> None:
    """Draw the days: a grid where there is room, a list on a phone."""
    known = _known({day.date.year for day in found})
    heads = "".join(f'<div class="head">{escape(name)}</div>' for name in _weekdays())
    cells = "".join(_cell(wanted, day, known.get(day.date)) for day in found)
    rows = "".join(_row(wanted, day, known.get(day.date)) for day in found if day.count or day.date == clock.today())
    told = _("No entries in these days.") if not any(day.count for day in found) else ""
    note = f"<p>{escape(told)}</p>" if told else ""
    st.html(
        f'{STYLE}<div class="mulin-days {wanted.view}">{heads}{cells}</div>'
        f'<div class="mulin-daylist">{rows}</div>{note}'
    )


def legend(found: list[Day]) -> None:
    """What the shapes mean, of those that are shown."""
    names = dict.fromkeys(entry.source for day in found for entry in day.entries)
    marks = [f"{_SHAPES.get(name, _KEPT)} {day_words.source(name, language())}" for name in names]
    late = [f"{CLOCK_SHAPES['overdue']} {term('clock', 'overdue')}"] if "due" in names else []
    kinds = [f"{SHAPES[kind]} {term('calendar_day', kind)}" for kind in SHAPES]
    st.caption(" · ".join([*marks, *late, *kinds]))


def _weekdays() -> list[str]:
    names = get_day_names("abbreviated", context="stand-alone", locale=language())
    return [names[at] for at in range(7)]


def _known(years: set[int]) -> dict[date, calendars.Day]:
    found = (calendars.year(number) for number in years)
    return {day.date: day for year in found if year for day in year.days}


def _cell(wanted: Wanted, day: Day, known: calendars.Day | None) -> str:
    kinds = [known.kind if known else "weekend" if day.date.weekday() > 4 else "plain"]
    kinds += ["today"] if day.date == clock.today() else []
    kinds += ["other"] if wanted.view == "month" and day.date.month != wanted.at.month else []
    more = day.count - len(day.entries)
    rest = _link({"view": "week", "at": day.date.isoformat()}, _("{count} more", count=more), "more") if more else ""
    entries = "".join(_entry(entry, wanted.view == "week") for entry in day.entries)
    return f'<section class="{" ".join(kinds)}">{_head(day, known, str(day.date.day))}{entries}{rest}</section>'


def _row(wanted: Wanted, day: Day, known: calendars.Day | None) -> str:
    name = f"{day.date.isoformat()} {_weekdays()[day.date.weekday()]}"
    more = day.count - len(day.entries)
    rest = _link({"view": "week", "at": day.date.isoformat()}, _("{count} more", count=more), "more") if more else ""
    entries = "".join(_entry(entry, True) for entry in day.entries)
    today = " today" if day.date == clock.today() else ""
    return f'<section class="{wanted.view}{today}">{_head(day, known, name)}{entries}{rest}</section>'


def _head(day: Day, known: calendars.Day | None, label: str) -> str:
    told = f"<i>{SHAPES[known.kind]} {escape(known.name(language()))}</i>" if known else ""
    now = _("Today")
    today = f" <em>{escape(now)}</em>" if day.date == clock.today() else ""
    link = _link({"view": "week", "at": day.date.isoformat()}, label, "day")
    return f"<h4>{link}{today}{told}</h4>"


def _link(changed: dict[str, str], label: str, kind: str) -> str:
    asked = urlencode({**dict(st.query_params), **changed})
    return f'<a class="{kind}" href="/days?{escape(asked)}" data-go="on">{escape(label)}</a>'


def _entry(entry: Entry, long: bool) -> str:
    matter, kind = entry.matter, entry.source
    standing = deadlines.standing(matter) if kind == "due" else ""
    shape = CLOCK_SHAPES[standing] if standing in _LATE else _SHAPES.get(kind, _KEPT)
    time = f"{entry.at:%H:%M} " if entry.at and kind != "due" else ""
    said = f"{day_words.source(kind, language())} · {time}{matter.title} · {day_words.about(entry, language())}"
    small = f"<small>{escape(day_words.about(entry, language()))}</small>" if long else ""
    return (
        f'<a class="entry {"late" if standing in _LATE else kind.partition(".")[0]}" data-go="on" '
        f'href="/matter?no={escape(matter.number)}" title="{escape(said)}">'
        f"<b>{shape}</b> {escape(time)}{escape(matter.title)}{small}</a>"
    )


STYLE = """<style>
.mulin-days{display:grid;grid-template-columns:repeat(7,minmax(0,1fr));border-top:1px solid #E4DFD8;
border-left:1px solid #E4DFD8;font-size:.82rem}
.mulin-days .head{padding:.3rem .5rem;background:#F6F4F1;color:#6b6259;border-right:1px solid #E4DFD8;
border-bottom:1px solid #E4DFD8}
.mulin-days section{min-height:6.6rem;padding:.25rem .35rem;border-right:1px solid #E4DFD8;
border-bottom:1px solid #E4DFD8;min-width:0}
.mulin-days.week section{min-height:20rem}
.mulin-days .weekend,.mulin-days .holiday{background:#FBFAF8}
.mulin-days .other{opacity:.55}
.mulin-days .today{outline:2px solid #A61E22;outline-offset:-2px}
.mulin-days h4,.mulin-daylist h4{margin:0;padding:0 0 .15rem;font:inherit;display:flex;gap:.35rem;flex-wrap:wrap}
.mulin-days h4 i,.mulin-daylist h4 i{font-style:normal;color:#6b6259;font-size:.75rem}
.mulin-days h4 em,.mulin-daylist h4 em{font-style:normal;color:#A61E22}
.mulin-days a,.mulin-daylist a{color:inherit;text-decoration:none}
.mulin-days a.day,.mulin-daylist a.day{font-weight:600}
.mulin-days a:hover,.mulin-daylist a:hover{text-decoration:underline}
.mulin-days a:focus-visible,.mulin-daylist a:focus-visible{outline:2px solid #A61E22}
.mulin-days .entry{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;line-height:1.55}
.mulin-days.week .entry{white-space:normal;padding:.2rem 0;border-top:1px dotted #E4DFD8}
.entry small{display:block;color:#6b6259}
.entry b{font-weight:400;color:#2F6B7E}.entry.late b{color:#A61E22}.entry.publicity b{color:#8A5A00}
.entry.due b{color:#536643}
.mulin-days .more,.mulin-daylist .more{color:#6b6259;text-decoration:underline}
.mulin-daylist{display:none}
@media (max-width:640px){
.mulin-days{display:none}.mulin-daylist{display:block}
.mulin-daylist section{border-bottom:1px solid #E4DFD8;padding:.6rem 0}
.mulin-daylist .entry{display:block;padding:.45rem 0;min-height:44px}
.mulin-daylist .today h4{color:#A61E22}
}
</style>"""
