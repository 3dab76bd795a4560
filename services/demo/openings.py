"""Openings: when each sample issue is raised, where, and what is to become of it."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session

from services.demo.pack import Samples
from services.demo.sample_calendar import Calendar
from services.demo.scenes import Scene, Scenes
from services.demo.shares import Shares
from services.engine import deadlines
from services.rules import time_limits
from services.rules.rules import rule
from services.rules.time_limits import Limit

_TRIES = 60
_AT_LEAST = timedelta(hours=3)
# Hours since a report that nobody has decided on; an overdue one counts from where its time was up.
_UNACCEPTED = {"draft": (1, 60), "due_soon": (0.5, 7), "overdue": (2, 40)}
# How many days on the calendar a working day takes, with weekends and holidays in mind.
_STRETCH = {"hour": 1 / 24, "work_hour": 1.5 / 7, "work_day": 1.5, "day": 1.0}
_ASKED = ("hold_asked", "extension_asked")
_STATES = {
    "overdue": ("submitted", "filed", "dispatched", "in_progress", "to_verify", *_ASKED),
    "due_soon": ("submitted", "filed", "dispatched", "in_progress", "to_verify", *_ASKED),
    "on_track": ("draft", "filed", "dispatched", "in_progress", "to_verify", *_ASKED),
}


@dataclass(frozen=True)
class Opening:
    """An issue to be raised. ``fate``: closed, reopened, declined, merged (with a twin that stays), or open.

    An open one stands in ``state`` now, and was accepted at ``accepted`` if it has come that far.
    """

    at: datetime
    fate: str
    scene: Scene
    state: str = ""
    accepted: datetime | None = None

    @property
    def issues(self) -> int:
        """How many issues come of it."""
        return 2 if self.fate == "merged" else 1


class Openings:
    """Draws openings in the order of time."""

    def __init__(self, session: Session, rng: Random, samples: Samples, calendar: Calendar, scenes: Scenes) -> None:
        self._session, self._rng = session, rng
        self._told = samples.told
        self._calendar = calendar
        self._scenes = scenes

    def draw(self, count: int) -> Iterator[Opening]:
        """Openings of ``count`` issues in all."""
        still_open = round(count * self._told["open_share"])
        twins = round(count * self._told["merged_share"])
        ended = self._ended(count - still_open - twins, count, twins)
        return heapq.merge(ended, self._open(still_open), key=lambda opening: opening.at)

    def _ended(self, times: int, count: int, twins: int) -> Iterator[Opening]:
        rare = {fate: count * self._told[f"{fate}_share"] for fate in ("declined", "reopened")}
        fates = Shares(self._rng, {"closed": times - sum(rare.values()) - twins, "merged": twins, **rare})
        for at in self._calendar.openings(times):
            yield Opening(at, fates.draw(), self._scenes.draw())

    def _open(self, count: int) -> list[Opening]:
        told = {name: self._told[f"{name}_share_of_open"] for name in ("overdue", "suspended", "due_soon")}
        standings = Shares(self._rng, told | {"on_track": 1 - sum(told.values())})
        states = Shares(self._rng, self._told["open_states"])
        drawn = [self._standing(standings.draw(), states) for _ in range(count)]
        return sorted(drawn, key=lambda opening: opening.at)

    def _standing(self, standing: str, states: Shares[str]) -> Opening:
        if standing == "suspended":
            return self._accepted(standing, standing)
        state = states.draw(_STATES[standing])
        if state not in ("draft", "submitted"):
            return self._accepted(standing, state)
        hours = timedelta(hours=self._rng.uniform(*_UNACCEPTED["draft" if state == "draft" else standing]))
        late = state == "submitted" and standing == "overdue"
        since = rule("issue.intake").before(self._calendar.now) if late else self._calendar.now
        at = self._calendar.reported(since - hours)
        return Opening(at, "open", self._scenes.draw(), state)

    def _accepted(self, standing: str, state: str) -> Opening:
        """Try scenes until one has a deadline that lets its clock stand as wanted now."""
        for _ in range(_TRIES):
            scene = self._scenes.draw()
            limit = time_limits.of(self._session, scene.spot.area.id, scene.template.category, None)
            accepted = self._calendar.worked(self._calendar.now - self._age(standing, usual_days(limit)))
            found = ("suspended", self._standing_of(limit.after(accepted)))
            if accepted < self._calendar.now - _AT_LEAST and standing in found:
                break
        at = self._calendar.reported(accepted - timedelta(hours=self._rng.uniform(0.2, 5)))
        return Opening(at, "open", scene, state, accepted)

    def _age(self, standing: str, days: float) -> timedelta:
        draw = self._rng.uniform
        ages = {
            "suspended": lambda: draw(10, 80),
            "overdue": lambda: days + draw(0.1, 1.2) * max(days, 3),
            "due_soon": lambda: days - draw(0.1, 1.9),
            "on_track": lambda: days - draw(1, max(days, 2)),
        }
        return timedelta(days=ages[standing]())

    def _standing_of(self, due: datetime) -> str:
        told = deadlines.levels(self._calendar.now)
        return "overdue" if due < told.at else "due_soon" if due < told.soon else "on_track"


def usual_days(limit: Limit) -> float:
    """About how many days on the calendar a limit takes: enough to plan a story by."""
    return limit.amount * _STRETCH[limit.clock]
