"""Periodicity 应开与已开: what each branch is to hold every so many months by a rule, and which of it is missing.

A rule of ``rules.csv`` with the check ``periodicity`` is called by a kept choice and one of its codes, such as
``activity_kind.theme_day``; its value are months, its ruleset the kind of organisation that it binds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.occasion import Occasion
from models.organisation import Organisation
from services.engine import versioned_cache
from services.matters import kept, matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor
from services.rules.rules import Rule, rulebook
from services.system import clock

_SECONDS = 60
_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """Some months of a year, both included, and how often it was held in them; ``over`` once they are past."""

    first: int
    last: int
    held: int
    over: bool
    begun: bool

    @property
    def missing(self) -> bool:
        """Whether it was not held although the time for it is over."""
        return self.over and not self.held


@dataclass(frozen=True)
class Duty:
    """A branch with its periods of the year."""

    code: str
    name: str
    periods: tuple[Period, ...]


def rules_of(flow: str) -> list[Rule]:
    """The rules in force that say how often something of this flow is to be held."""
    today = clock.today()
    return [rule for rule in rulebook() if rule.check == "periodicity" and rule.in_force(today) and _field(rule, flow)]


def _field(rule: Rule, flow: str) -> str:
    name, _dot, code = rule.code.partition(".")
    own = kept.of(flow).get(name)
    return name if own is not None and code in kept.choices(own) else ""


def duties(session: Session, actor: Actor, wanted: Filter, rule: Rule, year: int) -> list[Duty]:
    """Every branch in view with what it held in each period of the year; at most a minute old."""
    question = ("duties", wanted, rule.code, year)
    return versioned_cache.kept(session, actor, question, lambda: _duties(session, actor, wanted, rule, year), _SECONDS)


def _duties(session: Session, actor: Actor, wanted: Filter, rule: Rule, year: int) -> list[Duty]:
    held: dict[str, list[date]] = {}
    for code, starts in session.execute(_held(session, actor, wanted, rule)):
        held.setdefault(code, []).append(clock.local(starts).date())
    query = select(Organisation.code, Organisation.name).join(Area, col(Area.id) == Organisation.area_id)
    bound = query.where(areas.within(wanted.path), Organisation.kind == rule.ruleset)
    return [
        Duty(code, name, tuple(_periods(rule, held.get(code, []), year)))
        for code, name in session.exec(bound.order_by(col(Area.path), col(Organisation.id)))
    ]


def _held(session: Session, actor: Actor, wanted: Filter, rule: Rule) -> Any:
    name, _dot, code = rule.code.partition(".")
    asked = matters.conditions(session, actor, wanted.with_(kept=((name, code),)))
    found = select(Organisation.code, Occasion.starts_at).join(Matter, col(Matter.id) == Occasion.matter_id)
    found = found.join(Organisation, col(Organisation.id) == Matter.unit_id)
    return found.where(*asked, col(Occasion.called_off_at).is_(None), col(Occasion.starts_at) <= clock.now())


def _periods(rule: Rule, held: list[date], year: int) -> Iterator[Period]:
    step, today = int(rule.value), clock.today()
    for first in range(1, _MONTHS + 1, step):
        last = min(first + step - 1, _MONTHS)
        many = sum(day.year == year and first <= day.month <= last for day in held)
        now = (today.year, today.month)
        yield Period(first, last, many, (year, last) < now, (year, first) <= now)
