"""The schedule of a sample topic: when each of its steps was taken, so that it stands at its stage today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.system import clock
from services.system.settings import settings

STAGES = (
    "collecting",
    "graded",
    "parties",
    "notified",
    "meeting",
    "resolved",
    "publicised",
    "executing",
    "judging",
    "archived",
)
_EVENING = time(19, 0)
_LAST_START = time(20, 30)
_RUNNING = timedelta(minutes=25)
_REVIEWED = 12


@dataclass(frozen=True)
class Schedule:
    """The moments of a topic raised ``days_ago``; ``notice`` and ``hung`` are days of notice and of publicity.

    ``over`` says of one that is on public notice that yesterday was its last day.
    """

    now: datetime
    stage: str
    days_ago: int
    notice: int
    hung: int
    first_called: bool
    over: bool = False

    def reaches(self, stage: str) -> bool:
        """Whether the topic has come as far as ``stage``."""
        return self.stage in STAGES and STAGES.index(self.stage) >= STAGES.index(stage)

    def raised(self, days: float = 0) -> datetime:
        """So many days after the issue was raised, during the morning."""
        return self._at(self._day(-self.days_ago), time(9, 20)) + timedelta(days=days)

    @property
    def meets(self) -> datetime:
        """When the meeting starts: tonight or later for one that is called, a moment ago for the one that runs."""
        if self.stage == "meeting":
            return self.now - _RUNNING
        if self.stage == "notified":
            return self._tonight() if self.first_called else self._at(self._day(2), _EVENING)
        if self.stage == "publicised":
            ago = self.hung if self.over else self.hung // 2
            return self._at(self._day(-ago - 1), _EVENING)
        return self._at(self._day(-self.days_ago + 5 + self.notice), _EVENING)

    @property
    def starts_on(self) -> date:
        """The first day of the public notice, the day after the meeting."""
        return clock.local(self.meets).date() + timedelta(days=1)

    @property
    def ends_on(self) -> date:
        """The last day of the public notice."""
        return self.starts_on + timedelta(days=self.hung - 1)

    def published(self, days: float = 0) -> datetime:
        """So many days after the result was made public."""
        return self._at(self.starts_on, time(10)) + timedelta(days=days)

    def executed(self, days: float = 0) -> datetime:
        """So many days after the notice was over and carrying out began."""
        return self._at(self.ends_on + timedelta(days=1), time(9, 30)) + timedelta(days=days)

    def due(self, days: int) -> date:
        """The date of an action item that was given ``days``."""
        return clock.local(self.meets).date() + timedelta(days=days)

    def delivered(self, days: int) -> datetime:
        """When an action item with ``days`` was reported done: well before its date."""
        begun = clock.local(self.executed(2)).date()
        return self._at(max(begun, begun + (self.due(days) - begun) * 7 // 10), time(15))

    def reviewed(self, longest: int, days: float = 0) -> datetime:
        """So many days after the review was opened; ``longest`` are the days of the slowest action item."""
        done = self.delivered(longest) + timedelta(days=4)
        lately = self._at(self._day(-_REVIEWED), time(10))
        return (max(done, lately) if self.stage == "judging" else done) + timedelta(days=days)

    def _tonight(self) -> datetime:
        here = clock.local(self.now) + timedelta(hours=1)
        if here.time() <= _EVENING and here.date() == self._day(0):
            return self._at(self._day(0), _EVENING)
        late = here.date() > self._day(0) or here.time() > _LAST_START
        return self._at(self._day(1), _EVENING) if late else self._at(self._day(0), _LAST_START)

    def _day(self, days: int) -> date:
        return clock.local(self.now).date() + timedelta(days=days)

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, settings().zone).astimezone(UTC)
