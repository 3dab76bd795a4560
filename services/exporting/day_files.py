"""Day files: the calendar in view as iCalendar (RFC 5545), for the calendar on somebody's telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event
from sqlmodel import Session

from services.exporting.lists.list_columns import Words
from services.looks import day_addresses, day_words, days
from services.looks.days import Entry
from services.places import areas, playbook
from services.rights.permissions import Actor, may
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words.cleaning import clean

# More on one day is no calendar that anybody reads.
MOST_A_DAY = 500


@dataclass(frozen=True)
class DayFile:
    """A calendar as it leaves: its name, how many entries it has, and its bytes."""

    name: str
    count: int
    content: bytes


def extract(session: Session, actor: Actor, params: Mapping[str, str]) -> DayFile:
    """Exactly what the calendar shows under this address. NotFound for those who may not, or outside their area."""
    if not (may(actor, "export.lists") and may(actor, "page.days")):
        raise NotFound("There is no list {name} for you here. Open it from the page that shows it.", name="days")
    here = areas.scope(session, actor, clean(params.get("area")) or None)
    runs = playbook.of(session, here.path)
    wanted = day_addresses.read(params, actor, here.path, runs.flows)
    found = days.page(session, actor, wanted.asked, wanted.span, MOST_A_DAY)
    if full := next((day for day in found if day.count > MOST_A_DAY), None):
        raise Refused(
            "{day} has {count} entries. Choose a smaller area, a flow or a unit.",
            day=full.date.isoformat(),
            count=full.count,
        )
    entries = list({(one.source, one.ref): one for day in found for one in day.entries}.values())
    title = Words(actor.language).say("Calendar")
    name = f"{title}-{here.name}-{wanted.span.first:%Y%m%d}.ics"
    return DayFile(name, len(entries), _written(entries, actor.language, title))


def _written(entries: list[Entry], language: str, title: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Mulin//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for entry in entries:
        calendar.add_component(_event(entry, language))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry, language: str) -> Event:
    event, matter = Event(), entry.matter
    event.add("uid", f"{matter.number}.{entry.source}.{entry.ref}@mulin")
    event.add("dtstamp", clock.now())
    event.add("summary", f"{day_words.source(entry.source, language)}: {matter.title}")
    event.add("description", day_words.about(entry, language))
    event.add("categories", [day_words.source(entry.source, language)])
    for name, value in _times(entry).items():
        event.add(name, value)
    return event


def _times(entry: Entry) -> dict[str, date]:
    """First and last of an entry; of days the end is the day after the last, as RFC 5545 has it."""
    if isinstance(entry.first, datetime) and isinstance(entry.last, datetime):
        ends = {"dtend": clock.local(entry.last)} if entry.last > entry.first else {}
        return {"dtstart": clock.local(entry.first), **ends}
    return {"dtstart": entry.first, "dtend": entry.last + timedelta(days=1)}
