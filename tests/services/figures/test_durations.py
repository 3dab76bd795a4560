from datetime import timedelta

from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.figures import durations
from services.figures.kept_counts import Ask, Span
from services.system import clock

MONTH = clock.month_of(clock.now())


def add(session: Session, place: Place, number: int, state: str, hours: float | None, age: float = 100) -> None:
    opened = clock.now() - timedelta(hours=age)
    session.add(
        Matter(
            number=f"D-{number}",
            flow="issue",
            state=state,
            is_open=state == "filed",
            title="t",
            area_id=place.area_id,
            opened_at=opened,
            opened_month=MONTH,
            closed_at=None if hours is None else opened + timedelta(hours=hours),
        )
    )
    session.flush()


def lasting(session: Session, place: Place) -> durations.Lasting:
    path = session.get_one(Area, place.area_id).path
    found = durations.lasting(session, Ask(path, Span(MONTH, MONTH), "month"))
    return durations.together(found.values())


def test_open_ones_count_as_far_as_they_have_come(session: Session, place: Place) -> None:
    for at in range(6):
        add(session, place, at, "closed", 10 + at)
    assert lasting(session, place).told("duration_median").hours == 12
    for at in range(6, 16):
        add(session, place, at, "filed", None)
    told = lasting(session, place).told("duration_median")
    assert (told.hours, told.longest, told.n) == (None, 100, 16)


def test_closed_at_an_unknown_time_is_left_out_and_said(session: Session, place: Place) -> None:
    add(session, place, 1, "archived", None)
    add(session, place, 2, "closed", -3)
    add(session, place, 3, "visited", 5)
    add(session, place, 4, "declined", 5)
    add(session, place, 5, "merged", None)
    told = lasting(session, place).told("duration_p90")
    assert (told.n, told.unknown, told.hours) == (1, 2, 5)


def test_a_few_have_no_interval(session: Session, place: Place) -> None:
    add(session, place, 1, "closed", 5)
    told = lasting(session, place).told("duration_median")
    assert (told.hours, told.low, told.high) == (5, None, None)


def test_an_hour_is_whole_when_it_is_over(session: Session, place: Place) -> None:
    for at, hours in enumerate((0.9999999, 1.0, 1.9999999, 2.0)):
        add(session, place, at, "closed", hours)
    assert lasting(session, place).times.hours.tolist() == [0, 1, 2]
    assert lasting(session, place).times.closed.tolist() == [1, 2, 1]


def test_nothing_took_no_time(session: Session, place: Place) -> None:
    told = lasting(session, place).told("duration_median")
    assert (told.n, told.hours, told.longest, told.unknown) == (0, None, 0, 0)
