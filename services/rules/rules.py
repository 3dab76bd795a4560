"""Rules as data: quorums, notice days, deadlines, each with its value, source and evidence mark."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from services.rules import calendars, worktime
from services.system import clock, flow_files
from services.system.data_files import rows


@dataclass(frozen=True)
class Rule:
    """One row of data/rules.csv. ``mark``: V read at the source, S second hand, M unproved and so advice only."""

    code: str
    ruleset: str
    check: str
    value: float
    unit: str
    zh: str
    en: str
    source: str
    source_date: str
    scope: str
    mark: str
    valid_from: date
    valid_to: date | None

    @property
    def binding(self) -> bool:
        """Whether the rule may refuse; an M row only advises."""
        return self.mark != "M"

    def after(self, moment: datetime) -> datetime:
        """The first moment by which the rule's time has passed since ``moment``; its unit is one of the four clocks."""
        return worktime.add(moment, self.value, self.unit)

    def before(self, moment: datetime) -> datetime:
        """What lies before this moment is further back than the rule's time."""
        return worktime.add(moment, -self.value, self.unit)

    def days(self, first: date, last: date) -> int:
        """The days from ``first`` to ``last``, both included: working days where the rule counts those."""
        return calendars.workdays(first, last) if self.unit == "work_day" else (last - first).days + 1

    def last_day(self, first: date) -> date:
        """The day on which the rule's days, of which ``first`` may be one, are complete."""
        if self.unit == "work_day":
            return calendars.nth_workday(first, int(self.value))
        return first + timedelta(days=int(self.value) - 1)

    def text(self, language: str) -> str:
        """The rule in words."""
        return self.zh if language.startswith("zh") else self.en

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@lru_cache
def rulebook() -> tuple[Rule, ...]:
    """Every rule, in force or not: the program's own, then those of each flow's folder."""
    return tuple(_rule(row) for row in (*rows("rules.csv"), *flow_files.rows("rules.csv")))


def _rule(row: dict[str, str]) -> Rule:
    return Rule(
        row["rule"],
        row["ruleset"],
        row["check"],
        float(row["value"]),
        row["unit"],
        row["zh"],
        row["en"],
        row["source"],
        row["source_date"],
        row["scope"],
        row["mark"],
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def found(asked: str, language: str) -> list[Rule]:
    """The rules that hold ``asked`` in their words, source or code; all of them when nothing is asked."""
    words = asked.casefold()
    return [one for one in rulebook() if words in f"{one.text(language)} {one.source} {one.code}".casefold()]


def rule(code: str) -> Rule:
    """A rule by its code."""
    return next(found for found in rulebook() if found.code == code)


def ruleset(name: str, on: date | None = None) -> list[Rule]:
    """The rules of a set that hold on a day (today when none is given)."""
    day = on or clock.today()
    return [found for found in rulebook() if found.ruleset == name and found.in_force(day)]


def check_in(name: str, check: str, on: date | None = None) -> Rule | None:
    """The rule of a set that answers ``check`` (quorum, majority, notice, publicity, parties), if there is one."""
    return next((found for found in ruleset(name, on) if found.check == check), None)
