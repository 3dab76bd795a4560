"""The board: lanes by state or station with their counts, cards with the arrows of the reader, one flow at a time."""

from collections.abc import Callable
from datetime import timedelta

import pytest

import services.registry  # noqa: F401
from models.area import Area
from services.engine import flows
from services.looks import board
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.system import clock
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(met: Walk) -> Walk:
    return met


def filled(walk: Walk, reader: Actor, flow: str, by: str = "state", *unfolded: str) -> dict[str, board.Filled]:
    path = walk.session.get_one(Area, walk.place.area_id).path
    wanted = Filter(path=path, flow=flow)
    return {one.lane.code: one for one in board.filled(walk.session, reader, wanted, by, 2, frozenset(unfolded))}


@pytest.mark.parametrize("flow", flows.flows())
def test_every_state_stands_in_one_lane_and_closed_lanes_come_last(flow: str) -> None:
    for by in board.LANES:
        lanes = board.lanes(flow, by)
        assert sorted(code for lane in lanes for code in lane.states) == sorted(flows.states(flow))
        opens = [lane.is_open for lane in lanes]
        assert opens == sorted(opens, reverse=True)
        for lane in lanes:
            assert {flows.state(flow, code).is_open for code in lane.states} == {lane.is_open}


def test_lanes_count_all_and_show_the_first(walk: Walk, actor: Actors) -> None:
    for _another in range(3):
        Walk(walk.session, walk.actor, walk.place)
    found = filled(walk, actor("staff"), "issue")
    assert found["submitted"].count == 3 and len(found["submitted"].cards) == 2
    assert found["deliberating"].count == 1
    assert {arrow.action for arrow in found["submitted"].cards[0].arrows} == {"accept", "decline", "merge"}
    assert all(not card.arrows for card in filled(walk, actor("viewer"), "issue")["submitted"].cards)


def test_a_topic_stands_at_its_station(walk: Walk, actor: Actors) -> None:
    found = filled(walk, actor("staff"), "deliberation", "station")
    assert found["discussed"].count == 1 and found["discussed"].cards[0].row.matter.id == walk.topic.id
    assert {one.count for code, one in found.items() if code != "discussed"} == {0}


def test_closed_lanes_are_counted_and_drawn_when_unfolded(walk: Walk, actor: Actors) -> None:
    other = Walk(walk.session, walk.actor, walk.place)
    other.move(other.issue, "decline", note="no")
    assert [(one.count, len(one.cards)) for one in (filled(walk, actor("staff"), "issue")["declined"],)] == [(1, 0)]
    assert len(filled(walk, actor("staff"), "issue", "state", "declined")["declined"].cards) == 1
    assert filled(walk, actor("staff"), "issue", "station")["dropped"].count == 1


def test_the_public_sees_what_is_public(walk: Walk, actor: Actors) -> None:
    assert sum(one.count for one in filled(walk, actor("viewer"), "deliberation").values()) == 0
    walk.topic.public = True
    walk.session.add(walk.topic)
    walk.session.flush()
    walk.move(walk.topic, "postpone", starts_at=clock.now() + timedelta(days=2), note="too few")
    assert filled(walk, actor("viewer"), "deliberation")["notified"].count == 1


def test_what_can_be_taken_back_at_once_is_known() -> None:
    for flow in flows.flows():
        for arrow in flows.arrows(flow):
            for source in arrow.sources:
                back = board.back(arrow, source)
                if back is not None:
                    assert back.arrives(arrow.arrives(source), source) == source and not back.guards
                    assert {need.name for need in back.needs} <= {"note"}
    archive, start = flows.arrow("issue", "visited", "archive"), flows.arrow("issue", "dispatched", "start")
    assert archive and start and board.back(start, "dispatched") is None
    restored = board.back(archive, "visited")
    assert restored is not None and restored.action == "restore"
