"""A unit clerk never meets a matter of another unit: at no door, in no list, layer, search, file, line or cache."""

import json
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import events, flows, versioned_cache, workflow
from services.exporting import file_jobs
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.figures import breakdowns, cards, indicators, readings
from services.flows.issue import duplicates, merges
from services.flows.issue.issues import NewIssue
from services.layers import layers, map_views, matter_points, point_clouds, shading
from services.lines import broken_lines, lines, reminders, today, unit_desk
from services.looks import board, days
from services.matters import audit_trail, list_addresses, matters, organisations
from services.matters.matters import Filter
from services.places import areas
from services.public import disclosure
from services.rights import matter_rights
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words import vocabulary
from tests.services.rights import units

Actors = Callable[[str], Actor]


@pytest.fixture
def root(session: Session, place: Place) -> Area:
    return session.get_one(Area, place.area_id)


@pytest.fixture
def units_world(session: Session, place: Place) -> list[Matter]:
    assert place
    return units.world(session)


@pytest.fixture(params=["CL-O-CG", "CL-O-WY4"])
def clerk(request: pytest.FixtureRequest, session: Session, root: Area, units_world: list[Matter]) -> Actor:
    """The clerk of a unit with two others below it, and of one without; their worlds are others too."""
    assert units_world
    if request.param == "CL-O-WY4":
        units.scattered(session, Random(2), root, first=200)
    return units.clerk(session, request.param, root)


@pytest.fixture
def own(session: Session, clerk: Actor) -> set[str]:
    """The numbers of the clerk's own matters, counted here by themselves."""
    mine = {one.id for one in session.exec(select(Organisation)) if one.path.startswith(clerk.organisation_path)}
    found = {one.number for one in session.exec(select(Matter)) if one.unit_id in mine}
    assert found and len(found) < len(session.exec(select(Matter)).all())
    return found


def numbers(rows: list[matters.Row]) -> set[str]:
    return {row.matter.number for row in rows}


def filters() -> list[Filter]:
    """Every single thing the list may be asked, of every flow."""
    found = [Filter(flow=flow) for flow in ("", *flows.flows())]
    for name in ("openness", "state", "clock", "category", "source", "link", "figure", "sort"):
        found += [Filter().with_(**{name: code}) for code in list_addresses.choices(name, "issue")]
    return [*found, Filter(text="Secret"), Filter(text="lamp", flow=""), Filter(unit="CL-O-XF"), Filter(path="430103/")]


def test_lists_and_searches_hold_only_the_units_own(session: Session, clerk: Actor, own: set[str]) -> None:
    for wanted in filters():
        assert numbers(matters.page(session, clerk, wanted, 100)) <= own, wanted
        total, rows = matters.listing(session, clerk, wanted, 100, 0)
        assert total == len(rows) == matters.count(session, clerk, wanted) and numbers(rows) <= own, wanted
    assert numbers(matters.page(session, clerk, Filter(flow=""), 100)) == own
    assert numbers(matters.page(session, clerk, Filter(flow="", text="Secret"), 100)) == own


def test_the_map_draws_and_counts_only_the_units_own(session: Session, clerk: Actor, own: set[str]) -> None:
    view = map_views.read(session, clerk, {})
    drawn = [*matter_points.on_map(session, clerk, view)["features"]]
    drawn += matter_points.results(session, clerk, view)["features"]
    assert {feature["properties"]["number"] for feature in drawn} <= own and drawn
    wanted = Filter(flow="")
    in_squares = sum(square.count for square in point_clouds.squares(session, clerk, wanted, 12, None))
    assert in_squares == len(own) and not point_clouds.more_than(session, clerk, wanted, len(own))
    matching = shading.shading(session, clerk, replace(view, indicator="matching", wanted=wanted))
    assert sum(shade.count.numerator for shade in matching.shades) == len(own)
    for code in indicators.on_map():
        assert all(shade.withheld for shade in shading.shading(session, clerk, replace(view, indicator=code)).shades)
    for name in layers.LAYERS:
        with pytest.raises(Refused):
            layers.packed(session, clerk, name, view)


def test_no_figure_of_all_is_told(session: Session, place: Place, root: Area, clerk: Actor) -> None:
    here = areas.scope(session, clerk, None)
    for figure in readings.headline(session, root.path, "all"):
        assert disclosure.told(session, clerk, here, figure) is None
    with pytest.raises(Refused):
        breakdowns.breakdown(session, clerk, breakdowns.Question("open", here, "unit", readings.span("all")))
    for reading in cards.readings(session, clerk, place):
        assert reading.proof is None or reading.proof.page not in ("issues", "deliberations")
        assert all(one.evidence is None or one.evidence.unit != "issues" for one in reading.recounts)


def test_board_and_calendar_hold_only_the_units_own(session: Session, clerk: Actor, own: set[str]) -> None:
    on_board, today = set[str](), clock.today()
    for flow in flows.flows():
        everything = frozenset(lane.code for lane in board.lanes(flow, "state"))
        for lane in board.filled(session, clerk, Filter(flow=flow), "state", 100, everything):
            assert lane.count == len(lane.cards)
            on_board |= {card.row.matter.number for card in lane.cards}
    assert on_board == own
    for matter in session.exec(select(Matter)):
        matter.due_at = clock.now()
    session.flush()
    asked = days.Asked(Filter(flow=""), tuple(flows.flows()))
    found = days.page(session, clerk, asked, days.week(today), 100)
    shown = [entry.matter.number for day in found for entry in day.entries]
    assert shown and set(shown) <= own and sum(day.count for day in found) == len(shown)


def test_what_is_taken_along_is_the_units_own(session: Session, clerk: Actor, own: set[str]) -> None:
    others = {one.number for one in session.exec(select(Matter))} - own
    words = units.names(session, others)
    for name in lists.LISTS:
        if name != "matters":
            with pytest.raises(NotFound):
                lists.extract(session, clerk, name, {})
    for flow in ("issue", "action"):
        found = lists.extract(session, clerk, "matters", {"flow": flow, "open": "all"})
        text = str([*found.cells(Words("en"))])
        assert not [word for word in words if word in text]
        assert {number for number in own if number in text} == numbers(
            matters.page(session, clerk, Filter(flow=flow), 100)
        )
        assert not {"dispatches", "public", "source_ref"} & {column.code for column in found.columns}
    with pytest.raises(Refused):
        file_jobs.everything(clerk, None)  # type: ignore[arg-type]


def test_a_matter_leads_to_no_other_units(session: Session, root: Area, clerk: Actor, own: set[str]) -> None:
    others = {one.number for one in session.exec(select(Matter))} - own
    for number in others:
        with pytest.raises(NotFound):
            workflow.load(session, clerk, number)
    for number in own:
        matter = workflow.load(session, clerk, number)
        line = lines.of(session, clerk, matter)
        on_it = [*line.matters, *(one for stage in line.stages for one in stage.matters)]
        assert {one.number for one in on_it} <= own
        assert set(merges.candidates(session, clerk, matter)) <= own
        assert {one.matter.number for one in duplicates.of_matter(session, clerk, matter)} <= own
        told = disclosure.history(session, clerk, matter.flow, events.history(session, matter.id))
        assert told and not [other for other in others if other in json.dumps([event.data for event in told])]
    entered = NewIssue(title="Secret lamp is dark", area_id=root.id)
    assert {one.matter.number for one in duplicates.of_entry(session, clerk, entered)} <= own


def test_what_waits_is_the_units_own(session: Session, root: Area, clerk: Actor, own: set[str]) -> None:
    agenda = today.agenda(session, clerk, root.path, 50)
    shown = (agenda.serious, agenda.overdue, agenda.due_soon, agenda.holds, agenda.waiting, agenda.notices)
    assert {row.matter.number for rows in shown for row in rows} <= own
    assert {gap.number for gap in broken_lines.breaks(session, clerk, root.path)} <= own
    assert {one.matter.number for one in today.sittings(session, clerk, root.path)} <= own
    assert {one.matter.number for one in matters.page(session, clerk, Filter(flow="deliberation"))} <= own
    desk = unit_desk.desk(session, clerk, 100)
    still = {row.matter.number for row in matters.page(session, clerk, Filter(flow="", openness="open"), 100)}
    assert numbers(desk.waiting) | numbers(desk.elsewhere) == still and not numbers(desk.waiting) & numbers(
        desk.elsewhere
    )
    assert (desk.counts["waiting"], desk.counts["elsewhere"]) == (len(desk.waiting), len(desk.elsewhere))
    assert {row.matter.state for row in desk.waiting} <= {"dispatched", "in_progress", "assigned", "doing"}
    for ask in (reminders.owing, reminders.issue_all):
        with pytest.raises(Refused):
            ask(session, clerk, root.path)


def test_the_trail_holds_only_the_units_own(session: Session, clerk: Actor, own: set[str]) -> None:
    found = audit_trail.events(session, clerk, "", limit=500)
    assert {matter.number for _, matter in found} == own
    assert sum(organisations.open_matters(session, clerk).values()) == len(
        matters.page(session, clerk, Filter(flow="", openness="open"), 100)
    )


def test_nothing_that_is_kept_passes_from_one_reader_to_another(
    session: Session, root: Area, units_world: list[Matter], actor: Actors
) -> None:
    readers = [actor("staff"), *(units.clerk(session, code, root) for code in ("CL-O-CG", "CL-O-HW", "CL-O-XF"))]
    readers.append(replace(readers[1], role="grid_worker"))
    readers.append(replace(readers[1], organisation_id=None, organisation_path=""))
    for order in (readers, readers[::-1]):
        for who in order:
            seen = matter_rights.among(session, who, (one.id for one in units_world))
            mine = {one.number for one in units_world if one.id in seen}
            assert numbers(matters.listing(session, who, Filter(flow=""), 100, 0)[1]) == mine
            desk = unit_desk.desk(session, who, 100)
            assert numbers(desk.waiting) | numbers(desk.elsewhere) <= mine
            squares = point_clouds.squares(session, who, Filter(flow=""), 12, None)
            assert sum(square.count for square in squares) == len(seen)
    clerks = [one for one in readers if one.role == "unit_clerk"]
    assert len({versioned_cache.version(session, who) for who in clerks}) == len(clerks), "a browser keeps by it too"


def test_a_matter_that_goes_to_another_unit_is_gone_from_what_was_kept(session: Session, root: Area) -> None:
    ours, theirs = (units.clerk(session, code, root) for code in ("CL-O-HW", "CL-O-XF"))
    matter = units.add(session, root, 1, "CL-O-HW", state="dispatched", category="06042")
    assert unit_desk.desk(session, ours).counts["waiting"] == 1 and unit_desk.desk(session, theirs).waiting == []
    assert len(point_clouds.squares(session, ours, Filter(), 12, None)) == 1
    workflow.move(session, ours, matter.number, "send_back", matter.version, {"note": "Not ours."})
    assert numbers(unit_desk.desk(session, ours).elsewhere) == {matter.number}
    staff = Actor(None, "s", "staff", root.path, root.id)
    workflow.move(session, staff, matter.number, "dispatch", matter.version, {"unit": "CL-O-XF"})
    assert unit_desk.desk(session, ours) == unit_desk.Desk([], [], dict.fromkeys(unit_desk.KINDS, 0))
    assert point_clouds.squares(session, ours, Filter(), 12, None) == []
    assert numbers(unit_desk.desk(session, theirs).waiting) == {matter.number}
    assert len(point_clouds.squares(session, theirs, Filter(), 12, None)) == 1
    with pytest.raises(NotFound):
        workflow.load(session, ours, matter.number)


def test_the_role_has_its_words_in_both_languages() -> None:
    assert [vocabulary.term("role", "unit_clerk", language) for language in ("en", "zh_CN")] == [
        "Unit clerk",
        "\u5355\u4f4d\u8054\u7edc\u5458",
    ]
