"""Series 期次: the occasions of a rule, each a row; a date that is skipped stays, called off, with a reason."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday
from pydantic import AwareDatetime, BaseModel
from sqlmodel import Session

from models.matter import Matter
from models.occasion import Occasion
from services.engine import fields, workflow
from services.parts import occasions, part_turns
from services.parts.occasions import NewOccasion
from services.rights.permissions import Actor
from services.rules import calendars
from services.system import clock
from services.system.errors import Refused

MOST = 120
# The names of holidays are official words: the chain keeps the Chinese one, whoever plans.
_OFFICIAL = "zh_CN"
_LAST_WEEK = 5


class NewSeries(BaseModel):
    """A row of occasions: how often, from the first on, until a day; at a venue, in a place in words, or both."""

    name: str
    every: str
    starts_at: AwareDatetime
    until: date
    minutes: int = 60
    venue: str | None = None
    place: str = ""
    skip_holidays: bool = False


def _of_month(first: datetime) -> rrule:
    # The 31st is the last day of a month that has no 31st.
    return rrule(MONTHLY, dtstart=first, bymonthday=range(min(first.day, 28), first.day + 1), bysetpos=-1)


def _weekday_of_month(first: datetime) -> rrule:
    week = (first.day - 1) // 7 + 1
    return rrule(MONTHLY, dtstart=first, byweekday=weekday(first.weekday(), -1 if week == _LAST_WEEK else week))


EVERY: dict[str, Callable[[datetime], rrule]] = {
    "day": lambda first: rrule(DAILY, dtstart=first),
    "week": lambda first: rrule(WEEKLY, dtstart=first),
    "fortnight": lambda first: rrule(WEEKLY, interval=2, dtstart=first),
    "month": _of_month,
    "month_weekday": _weekday_of_month,
    "quarter": lambda first: rrule(MONTHLY, interval=3, dtstart=first),
}


def moments(entered: NewSeries) -> list[datetime]:
    """When the occasions of a row begin, in the office's time: at the same hour, whatever the clocks do."""
    if entered.every not in EVERY:
        raise Refused("Choose how often it is held.")
    first = clock.local(entered.starts_at).replace(second=0, microsecond=0)
    last = datetime.combine(entered.until, datetime.max.time())
    found = EVERY[entered.every](first.replace(tzinfo=None)).between(first.replace(tzinfo=None), last, inc=True)
    if not found or len(found) > MOST:
        raise Refused(
            "That makes {count} occasions. Choose a last day that gives 1 to {most}.", count=len(found), most=MOST
        )
    return [one.replace(tzinfo=first.tzinfo) for one in found]


def plan(session: Session, actor: Actor, number: str, version: int, entered: NewSeries) -> Matter:
    """Plan all occasions of a row with one event, and one for each that is called off from the beginning."""
    matter = workflow.claim(session, actor, number, version, "occasion.plan")
    part_turns.require(matter, "occasions", "plan")
    name = fields.text(entered.name, 48, Refused("Give the row a name, such as “Friday dance”."), fields.TOO_LONG)
    if not 1 <= entered.minutes <= 24 * 60:
        raise Refused("Enter how long it lasts: 1 to 1440 minutes.")
    starts = moments(entered)
    made = [_one(session, matter, entered, name, start) for start in starts]
    told = {"series": name, "every": entered.every, "count": len(made)}
    span = {"starts_at": starts[0].isoformat(), "until": starts[-1].isoformat()}
    workflow.record(session, actor, matter, "series_planned", {**told, **span})
    for occasion in made:
        if entered.skip_holidays and (holiday := _holiday(clock.local(occasion.starts_at).date())):
            occasions.drop(session, actor, matter, occasion, holiday)
    return matter


def _one(session: Session, matter: Matter, entered: NewSeries, name: str, start: datetime) -> Occasion:
    ends = start + timedelta(minutes=entered.minutes)
    one = NewOccasion(starts_at=start, ends_at=ends, venue=entered.venue, place=entered.place, series=name)
    return occasions.made(session, one, matter)


def _holiday(day: date) -> str:
    known = calendars.year(day.year)
    days = known.days if known else ()
    return next((one.name(_OFFICIAL) for one in days if one.date == day and one.kind == "holiday"), "")
