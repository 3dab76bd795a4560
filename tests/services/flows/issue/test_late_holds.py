"""A hold or an extension approved on a matter that is late leaves it late: counted, labelled, and late once closed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models.organisation import Organisation
from models.place import Place
from services.engine import deadlines
from services.figures import breakdowns, indicators, readings
from services.figures.kept_counts import Count
from services.keep.verify import verify
from services.layers import matter_points
from services.lines import reminder_text, reminders, today
from services.matters import matters
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.system import clock
from services.words.vocabulary import codes, term
from tests.walk import Walk

Actors = Callable[[str], Actor]
FRIDAY = datetime(2026, 11, 13, 2, tzinfo=UTC)
LABEL = {"hold": "held_late", "extension": "extended_late"}


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    """An issue that somebody works on, due five working days after that Friday: the next Friday."""
    with clock.pretending(FRIDAY):
        found = Walk(session, actor("secretary"), place)
        found.move(found.issue, "accept", category="01037")
        found.move(found.issue, "dispatch", unit=session.exec(select(Organisation.code)).first())
        found.move(found.issue, "start")
    assert found.issue.due_at == FRIDAY + timedelta(days=7)
    return found


def day(number: float) -> Any:
    readings.forget()
    breakdowns.forget()
    return clock.pretending(FRIDAY + timedelta(days=number))


def grant(walk: Walk, what: str, days: int = 20) -> None:
    """Approve a hold, or an extension, until so many days from now."""
    until = clock.today() + timedelta(days=days)
    if what == "hold":
        walk.move(walk.issue, "ask_hold", hold_until=until, note="Parts.")
        walk.move(walk.issue, "suspend", hold_until=until)
    else:
        walk.move(walk.issue, "ask_extension", due_asked=until, note="Parts.")
        walk.move(walk.issue, "extend", due=until)


@pytest.mark.parametrize("what", LABEL)
# On a Saturday no working time has gone by since Friday; a week later much has.
@pytest.mark.parametrize("granted", [8, 14])
def test_what_was_late_stays_late_and_says_so(walk: Walk, what: str, granted: float) -> None:
    with day(granted):
        grant(walk, what)
        assert walk.issue.due_at == FRIDAY + timedelta(days=7)
    with day(granted + 3):
        assert deadlines.standing(walk.issue) == LABEL[what] and deadlines.was_late(walk.issue)
        counted(walk, LABEL[what], serious=0)
        told = term("clock", LABEL[what], "en")
        assert "was late when" in told
        sheet = reminders.sheet(
            walk.session, walk.actor, walk.area.path, reminders.owing(walk.session, walk.actor, walk.area.path)[0].code
        )
        assert told in reminder_text.text(sheet, "en")
    with day(granted + 4):
        if what == "hold":
            walk.move(walk.issue, "resume")
            assert walk.issue.due_at < clock.now()
        walk.move(walk.issue, "finish", note="Done.")
        walk.move(walk.issue, "verify")
        assert walk.issue.on_time is False
    assert verify(walk.session).problems == []


def counted(walk: Walk, label: str, serious: int) -> None:
    """Overview, reminders, figures, list and map count it once, as late."""
    session, actor, path = walk.session, walk.actor, walk.area.path
    span = readings.span("all")
    assert indicators.total(session, "overdue", path, span) == Count(1)
    assert indicators.total(session, "on_time_rate", path, span) == Count(0, 1)
    agenda = today.agenda(session, actor, path)
    assert (agenda.counts["serious"], agenda.counts["overdue"]) == (serious, 1 - serious)
    owing = reminders.owing(session, actor, path)[0].counts
    assert (owing["serious"], owing["overdue"]) == (serious, 1 - serious)
    for code in ("overdue", label):
        wanted = Filter(path=path, clock=code)
        assert matters.count(session, actor, wanted) == 1, code
        assert [row.standing for row in matters.page(session, actor, wanted)] == [label]
    asked = select(matter_points.standing("issue", clock.now())).where(*matters.conditions(session, actor, wanted))
    assert session.execute(asked).scalars().all() == [label]


@pytest.mark.parametrize("what", LABEL)
def test_what_was_in_time_is_not_late_by_it(walk: Walk, what: str) -> None:
    with day(5):
        grant(walk, what)
    with day(20):
        assert not deadlines.was_late(walk.issue)
        assert indicators.total(walk.session, "overdue", walk.area.path, readings.span("all")) == Count(0)


def test_once_the_extension_is_over_too_it_is_as_late_as_it_is(walk: Walk) -> None:
    with day(8):
        grant(walk, "extension", days=10)
    with day(30):
        assert deadlines.standing(walk.issue) == "serious"
        counted(walk, "serious", serious=1)


def test_a_hold_past_its_end_says_both(walk: Walk) -> None:
    with day(8):
        grant(walk, "hold", days=5)
    with day(20):
        assert deadlines.standing(walk.issue) == "held_late_over"
        assert matters.count(walk.session, walk.actor, Filter(path=walk.area.path, clock="hold_over")) == 1
        counted(walk, "held_late_over", serious=0)


def test_another_unit_does_not_wash_it_clean(walk: Walk) -> None:
    """What was given when it was late already is not given again where the deadline is worked out anew."""
    with day(8):
        grant(walk, "extension")
        walk.move(walk.issue, "escalate", note="Not ours.")
        units = walk.session.exec(select(Organisation.code).order_by(col(Organisation.id))).all()
        walk.move(walk.issue, "dispatch", unit=units[-1])
        assert walk.issue.due_at is not None and walk.issue.due_at < clock.now()


def test_every_standing_has_its_list_and_its_word() -> None:
    assert {*deadlines._HELD.values(), "extended_late", "overdue_only"} <= set(codes("clock")) & set(matters._CLOCKS)
