from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

import services.registry  # noqa: F401
from models.area import Area
from models.place import Place
from services.engine import workflow
from services.flows.issue import issues
from services.matters import matters
from services.matters.matters import Filter
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock

Actors = Callable[[str], Actor]


@pytest.fixture
def three(session: Session, place: Place, actor: Actors) -> list[str]:
    grids = areas.descend(session, session.get_one(Area, place.area_id).path, "grid")
    titles = ["3栋路灯不亮", "东门电动车飞线充电", "楼道堆放杂物"]
    made = [
        issues.create(session, actor("staff"), issues.NewIssue(title=title, area_id=grids[at].id))
        for at, title in enumerate(titles)
    ]
    workflow.move(session, actor("staff"), made[0].number, "accept", made[0].version, {"category": "01037"})
    workflow.move(session, actor("staff"), made[2].number, "decline", made[2].version, {"note": "no"})
    return [matter.number for matter in made]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), {0, 1, 2}),
        (Filter(openness="open"), {0, 1}),
        (Filter(openness="closed"), {2}),
        (Filter(state="filed"), {0}),
        (Filter(category="01037"), {0}),
        (Filter(flow="action"), set()),
        (Filter(clock="overdue"), set()),
        (Filter(text="灯"), {0}),
        (Filter(text="路灯"), {0}),
        (Filter(text="电动车"), {1}),
        (Filter(text="飞线充电"), {1}),
        (Filter(text="３栋"), {0}),
        (Filter(text="没有这样的字"), set()),
        (Filter(text='" OR *'), set()),
        (Filter(text="NEAR(路灯"), set()),
        (Filter(text="%_"), set()),
        (Filter(opened_from=date(2000, 1, 1), opened_to=date(2000, 1, 2)), set()),
        (Filter(unit="no-such-unit"), set()),
    ],
)
def test_the_filter_finds_what_it_says(
    session: Session, three: list[str], actor: Actors, wanted: Filter, expected: set[int]
) -> None:
    rows = matters.page(session, actor("staff"), wanted)
    assert {row.matter.number for row in rows} == {three[at] for at in expected}
    assert matters.count(session, actor("staff"), wanted) == len(expected)


def test_search_finds_by_number(session: Session, three: list[str], actor: Actors) -> None:
    assert three[1] in {row.matter.number for row in matters.page(session, actor("staff"), Filter(text=three[1]))}


def test_an_area_out_of_reach_is_narrowed_to_ones_own(session: Session, place: Place, three: list[str]) -> None:
    grid = areas.descend(session, session.get_one(Area, place.area_id).path, "grid")[0]
    worker = Actor(None, "worker", "grid_worker", grid.path, grid.id)
    everything = matters.page(session, worker, Filter(path=""))
    assert [row.matter.number for row in everything] == three[:1]


def test_a_viewer_sees_nothing_that_is_not_public(session: Session, three: list[str], actor: Actors) -> None:
    assert three and matters.page(session, actor("viewer"), Filter()) == []


def test_what_is_due_first_comes_first(session: Session, three: list[str], actor: Actors) -> None:
    assert three
    due = [row.matter.due_at for row in matters.page(session, actor("staff"), Filter(openness="open"))]
    assert due == sorted(due, key=lambda moment: (moment is None, moment))


def test_overdue_follows_the_clock(session: Session, three: list[str], actor: Actors) -> None:
    assert three
    with clock.pretending(clock.now() + timedelta(days=40)):
        assert matters.count(session, actor("staff"), Filter(clock="overdue")) == 2


def test_the_count_stops_at_the_cap(
    session: Session, three: list[str], actor: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matters, "CAP", 1)
    assert three and matters.count(session, actor("staff"), Filter()) == 2
