"""The biography of an area: all that happened, page by page, the same by either way of looking, for each reader."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

import services.registry  # noqa: F401
from models.area import Area
from models.event import Event
from models.importing import ImportBatch, ImportChange
from models.matter import Matter
from services.engine import flows, versioned_cache
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.looks import biography, biography_addresses
from services.looks.biography import Page, Wanted
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(met: Walk) -> Walk:
    made = met.vote()
    item = made.promise()
    return made.publish().finish(item)


@pytest.fixture(params=["matters first", "the log backwards"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "matters first":
        monkeypatch.setattr(biography, "_FEW", 0)
    return str(request.param)


def root(walk: Walk) -> str:
    return walk.session.get_one(Area, walk.place.area_id).path


def page(walk: Walk, reader: Actor, limit: int = 40, **asked: object) -> Page:
    versioned_cache._KEPT.forget()  # Between two questions of a test no event happens.
    return biography.page(walk.session, reader, Wanted(**{"path": root(walk)} | asked), limit)  # type: ignore[arg-type]


def told(found: Page) -> list[int]:
    return [entry.event.id for entry in found.entries if entry.event]


def every(walk: Walk) -> list[int]:
    return list(walk.session.exec(select(Event.id).order_by(col(Event.at).desc(), col(Event.id).desc())))


@pytest.mark.usefixtures("way")
def test_pages_hold_everything_once_and_the_newest_first(walk: Walk, actor: Actors) -> None:
    found, before = list[int](), None
    for _page in range(100):
        one = page(walk, actor("staff"), 7, before=before)
        assert len(one.entries) <= 7
        found += told(one)
        if one.older is None:
            break
        before = biography_addresses.read({"before": biography_addresses.written(one.older)}, "", ()).before
        assert before == one.older
    assert found == every(walk)


@pytest.mark.usefixtures("way")
def test_it_can_be_asked_for_a_flow_a_kind_a_text_and_a_period(walk: Walk, actor: Actors) -> None:
    staff = actor("staff")
    assert {e.matter.flow for e in page(walk, staff, flow="action").entries if e.matter} == {"action"}
    decided = [entry.event for entry in page(walk, staff, kind="decided").entries]
    assert [event.action for event in decided if event] == ["resolve"]
    publicised = page(walk, staff, kind="publicised")
    assert [entry.event.action for entry in publicised.entries if entry.event] == ["publish"]
    assert told(page(walk, staff, text="charging shed")) and not told(page(walk, staff, text="nothing like it"))
    tomorrow = clock.today() + timedelta(days=60)
    assert not told(page(walk, staff, first=tomorrow)) and told(page(walk, staff, last=tomorrow))


@pytest.mark.usefixtures("way")
def test_another_area_has_a_life_of_its_own(walk: Walk, actor: Actors) -> None:
    grid = areas.descend(walk.session, root(walk), "grid")[0]
    assert not told(page(walk, actor("staff"), path=grid.path))
    walk.issue.area_id = grid.id
    walk.session.add(walk.issue)
    walk.session.flush()
    found = page(walk, actor("staff"), path=grid.path)
    assert {entry.matter.id for entry in found.entries if entry.matter} == {walk.issue.id}
    stranger = Actor(None, "x", "staff", areas.descend(walk.session, root(walk), "grid")[1].path)
    assert not told(page(walk, stranger)), "Asking for the whole place shows one's own grid alone."


def test_little_of_a_long_log_says_how_far_it_looked(
    walk: Walk, actor: Actors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(biography, "_FEW", 0)
    monkeypatch.setattr(biography, "_LOOKED", (2, 3))
    found = page(walk, actor("staff"), kind="raised")
    assert found.short and found.older and len(found.entries) <= 2
    seen = [*told(found)]
    while found.older:
        found = page(walk, actor("staff"), kind="raised", before=found.older)
        seen += told(found)
    monkeypatch.undo()
    assert seen == told(page(walk, actor("staff"), kind="raised"))


@pytest.mark.usefixtures("way")
def test_the_public_reads_steps_without_who_and_what_was_said(walk: Walk, actor: Actors) -> None:
    found = page(walk, actor("viewer"))
    assert found.entries and not found.months
    assert all(entry.event and not entry.event.actor and not entry.event.note for entry in found.entries)
    assert not {"tally", "note", "opinion", "attendance"} & {e.event.action for e in found.entries if e.event}
    assert all(entry.matter and entry.matter.public for entry in found.entries)


def test_months_count_entries_or_matters_raised(walk: Walk, actor: Actors, monkeypatch: pytest.MonkeyPatch) -> None:
    few = page(walk, actor("staff"))
    assert few.counts_entries and sum(few.months.values()) == len(every(walk))
    monkeypatch.setattr(biography, "_FEW", 0)
    many = page(walk, actor("staff"), 39)
    assert not many.counts_entries
    assert sum(many.months.values()) == len(walk.session.exec(select(Matter.id)).all())


def test_an_import_and_the_areas_it_changed_are_part_of_it(walk: Walk, actor: Actors) -> None:
    grid = areas.descend(walk.session, root(walk), "grid")[0]
    batch = ImportBatch(kind="areas", file="grids.csv", digest="0", actor="Li", place_id=walk.place.id)
    walk.session.add(batch)
    walk.session.flush()
    walk.session.add(ImportChange(batch_id=batch.id, kind="area", row_id=grid.id, before={"name": "old"}))
    walk.session.flush()
    for path in (root(walk), grid.path):
        [entry] = [entry for entry in page(walk, actor("staff"), path=path, kind="area").entries if entry.batch]
        assert entry.areas == 1
    other = areas.descend(walk.session, root(walk), "grid")[1]
    assert not page(walk, actor("staff"), path=other.path, kind="area").entries
    assert not any(entry.batch for entry in page(walk, actor("viewer")).entries)


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_the_list_that_leaves_holds_what_the_pages_hold(walk: Walk, actor: Actors, role: str) -> None:
    walk.session.flush()
    found = lists.extract(walk.session, actor(role), "biography", {})
    rows = list(found.cells(Words("en")))
    assert found.count == len(rows) == len(told(page(walk, actor(role), 500)))
    named = [column.code for column in found.columns]
    assert ("actor" in named) is ("note" in named) is (role == "staff")


@pytest.mark.parametrize(
    "params",
    [
        {"before": "x~y"},
        {"before": "2026-01-01~1"},
        {"before": "2026-01-01T00:00:00+00:00~" + "9" * 30},
        {"kind": "evil", "flow": "x", "from": "2026-02-31"},
    ],
)
def test_a_strange_address_asks_nothing(params: dict[str, str]) -> None:
    assert biography_addresses.read(params, "p/", flows.flows()) == Wanted("p/")
