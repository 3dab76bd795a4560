"""Action items: what a resolution promises, and what waits for them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.organisation import Organisation
from models.place import Place
from services.engine import events
from services.flows.action import actions
from services.flows.action.actions import NewAction
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.vocabulary import Word
from tests.refusing import refused, refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(met: Walk) -> Walk:
    return met


def entered(session: Session, **changed: Any) -> NewAction:
    unit = session.exec(select(Organisation.code)).first()
    asked = {"title": "Build", "unit": unit, "due": clock.today(), "acceptance": "24 sockets live"}
    return NewAction(**asked | changed)


def refusal(walk: Walk, wanted: NewAction) -> Refused:
    walk.session.commit()
    return refused(walk.session, actions.create, walk.actor, walk.topic.number, walk.topic.version, wanted)


def test_an_item_hangs_on_its_topic_with_unit_date_and_test(walk: Walk) -> None:
    before = walk.topic.version
    item = walk.promise()
    assert (item.flow, item.state, item.parent_id, item.area_id) == (
        "action",
        "assigned",
        walk.topic.id,
        walk.topic.area_id,
    )
    assert item.unit_id is not None and actions.acceptance(item) == "24 sockets live"
    assert walk.topic.version == before + 1
    assert events.history(walk.session, walk.topic.id)[-1].data == {"number": item.number, "title": "Build"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": " "}, "Enter what is to be done."),
        ({"title": "x" * 121}, "The title is {length} characters long. Shorten it to {limit}."),
        ({"unit": None}, "Choose the unit that is responsible."),
        ({"unit": "NOBODY"}, "Choose the unit that is responsible."),
        ({"due": None}, "Choose a date."),
        ({"acceptance": ""}, "Enter how one will see that it is done, such as 24 live sockets."),
        ({"acceptance": "x" * 301}, "The acceptance test is {length} characters long. Shorten it to {limit}."),
    ],
)
def test_an_item_that_nobody_could_be_held_to_is_refused(walk: Walk, changed: dict[str, Any], sentence: str) -> None:
    assert refusal(walk, entered(walk.session, **changed)).message == sentence


def test_today_is_a_date_to_keep_and_yesterday_is_not(walk: Walk) -> None:
    yesterday: date = clock.today() - timedelta(days=1)
    found = refusal(walk, entered(walk.session, due=yesterday))
    assert found.message == "Choose a date for the action item that is not in the past."
    walk.record(actions.create, entered(walk.session, due=clock.today()))


def test_no_item_before_the_meeting(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    found = refusal(walk, entered(session))
    assert found.message.startswith("From where {number} stands now, no {flow} is added.")


@pytest.mark.parametrize("role", ["grid_worker", "viewer", "admin"])
def test_who_may_not_promise_changes_nothing(walk: Walk, actor: Actors, role: str) -> None:
    walk.actor = actor(role)
    refusal(walk, entered(walk.session))


def test_a_resolution_without_items_or_with_cancelled_ones_is_not_carried_out(walk: Walk) -> None:
    walk.vote().publish()
    sentence = "No {flow} hangs on this yet. Add one first."
    assert refused_move(walk.session, walk.actor, walk.topic, "execute").message == sentence
    item = walk.promise()
    walk.move(item, "cancel", note="Not needed.")
    assert refused_move(walk.session, walk.actor, walk.topic, "execute").message == sentence
    walk.promise()
    second = actions.of_topic(walk.session, walk.topic)[1][0]
    walk.move(walk.topic, "execute")
    assert walk.topic.due_at == second.due_at


def test_the_review_waits_for_every_item_and_a_cancelled_one_does_not_count(walk: Walk) -> None:
    item = walk.vote().promise()
    walk.promise()
    walk.publish().move(walk.topic, "execute")
    second = actions.of_topic(walk.session, walk.topic)[1][0]
    for action, inputs in (("start", {}), ("deliver", {"note": "built"})):
        walk.move(item, action, **inputs)
    found = refused_move(walk.session, walk.actor, walk.topic, "review")
    assert found.params == {"count": 2, "number": item.number, "flow": Word("flow", "action")}
    walk.move(item, "accept")
    walk.move(second, "cancel", note="Not needed.")
    assert walk.move(walk.topic, "review").state == "judging"


def test_a_step_of_an_item_shows_on_the_whole_line(walk: Walk) -> None:
    item = walk.vote().promise()
    walk.move(item, "start")
    for matter in (walk.topic, walk.issue):
        last = events.history(walk.session, matter.id)[-1]
        assert (last.action, last.data) == ("action_step", {"number": item.number, "state": "doing"})


def test_an_extension_goes_forward_only(walk: Walk) -> None:
    item = walk.promise()
    found = refused_move(walk.session, walk.actor, item, "extend", due=clock.today(), note="Rain.")
    assert found.message == "Choose a date after the present deadline, and not in the past."
    walk.move(item, "extend", due=clock.today() + timedelta(days=30), note="Rain.")
    assert item.due_at is not None and item.due_at > clock.now() + timedelta(days=29)
