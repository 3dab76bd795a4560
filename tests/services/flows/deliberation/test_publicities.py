"""Public notice: long enough, over before it is carried out, and no objection left without an answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from models.deliberation import Objection, Publicity
from models.place import Place
from services.engine import events
from services.flows.deliberation import publicities
from services.rights.permissions import Actor
from services.rules import rules
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused, refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def resolved(session: Session, place: Place, actor: Actors) -> Walk:
    walk = Walk(session, actor("secretary"), place).discuss().meet().vote()
    walk.move(walk.topic, "resolve")
    return walk


def publish(walk: Walk, first: int, last: int) -> Walk:
    walk.decided_days_ago(-first)
    walk.move(walk.topic, "publish", location="east gate", **days(first, last))
    return walk


def test_a_notice_cannot_begin_before_the_resolution_it_is_about(resolved: Walk) -> None:
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "publish", location="gate", **days(-1, 6))
    assert found.message.startswith("The resolution was adopted on {day}, so the notice can't have begun on {first}.")
    assert found.params["day"] == clock.today().isoformat()
    resolved.decided_days_ago(1)
    assert resolved.move(resolved.topic, "publish", location="gate", **days(-1, 6)).state == "publicised"


def test_decided_again_a_notice_counts_from_the_later_resolution(resolved: Walk) -> None:
    publish(resolved, -3, 4).move(resolved.topic, "reconsider", note="The objection holds.")
    resolved.vote().move(resolved.topic, "resolve")
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "publish", location="gate", **days(-3, 4))
    assert found.params["day"] == clock.today().isoformat()


def days(first: int, last: int) -> dict[str, Any]:
    today = clock.today()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


def notice(walk: Walk) -> Publicity:
    found = publicities.latest(walk.session, walk.topic)
    assert found is not None
    return found


def object_to(walk: Walk, text: str = "Too loud at night.") -> Objection:
    walk.record(publicities.object_to, "resident", text)
    return publicities.objections(walk.session, notice(walk))[-1]


def refusal(walk: Walk, function: Callable[..., Any], *args: Any) -> Refused:
    walk.session.commit()
    return refused(walk.session, function, walk.actor, walk.topic.number, walk.topic.version, *args)


def test_publishing_makes_topic_and_issue_public_and_due_at_the_end_of_the_last_day(resolved: Walk) -> None:
    publish(resolved, 0, 4)
    assert (resolved.topic.public, resolved.issue.public) == (True, True)
    assert resolved.topic.due_at == clock.end_of(clock.today() + timedelta(days=4))


def test_days_in_the_wrong_order_are_refused_and_a_single_day_is_not(resolved: Walk) -> None:
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "publish", location="gate", **days(2, 1))
    assert found.message == "The last day of the public notice lies before its first day. Correct the dates."
    assert resolved.topic.public is False
    publish(resolved, 0, 0)


@pytest.mark.parametrize("missing", ["starts_on", "ends_on", "location"])
def test_each_part_of_a_notice_is_needed(resolved: Walk, missing: str) -> None:
    inputs = {"location": "gate", **days(0, 4), missing: None}
    sentence = (
        "Enter where the result is on public notice, such as the board at the east gate."
        if missing == "location"
        else "Choose a date."
    )
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "publish", **inputs)
    assert found.message == sentence


def test_one_day_short_is_refused_where_the_rule_binds_and_only_there(
    resolved: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice = rules.rulebook()
    book = tuple(replace(rule, mark="V") if rule.code == "council.publicity" else rule for rule in advice)
    monkeypatch.setattr(rules, "rulebook", lambda: book)
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "publish", location="gate", **days(0, 3))
    assert found.message == "The notice must hang out at least {days} days ({source}). Choose a later last day."
    assert found.params["days"] == 5
    monkeypatch.setattr(rules, "rulebook", lambda: advice)
    publish(resolved, 0, 3)


def test_exactly_long_enough_is_enough(resolved: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tuple(replace(rule, mark="V") if rule.code == "council.publicity" else rule for rule in rules.rulebook())
    monkeypatch.setattr(rules, "rulebook", lambda: book)
    publish(resolved, 0, 4)


def test_nothing_is_carried_out_on_the_last_day_but_the_day_after(resolved: Walk) -> None:
    resolved.promise()
    publish(resolved, -4, 0)
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "execute")
    assert found.message == "The result is on public notice until {day}. Carry it out from the day after."
    assert found.params["day"] == clock.today().isoformat()
    notice(resolved).ends_on = clock.today() - timedelta(days=1)
    assert resolved.move(resolved.topic, "execute").state == "executing"


def test_an_objection_without_answer_stops_until_it_is_answered(resolved: Walk) -> None:
    resolved.promise()
    publish(resolved, -6, -1)
    first, _second = object_to(resolved), object_to(resolved, "Too bright.")
    resolved.record(publicities.reply, first.id, "Until nine only.")
    found = refused_move(resolved.session, resolved.actor, resolved.topic, "execute")
    assert found.message.startswith("{count} objections have no answer yet.")
    assert found.params == {"count": 1}
    resolved.record(publicities.reply, _second.id, "Dimmed after nine.")
    assert resolved.move(resolved.topic, "execute").state == "executing"


def test_a_later_answer_replaces_the_earlier_and_the_chain_keeps_both(resolved: Walk) -> None:
    objection = object_to(publish(resolved, 0, 4))
    for answer in ("Until ten.", "Until nine."):
        resolved.record(publicities.reply, objection.id, answer)
    kept = [event.data for event in events.history(resolved.session, resolved.topic.id) if event.action == "reply"]
    assert objection.reply == "Until nine." and objection.replied_at is not None
    assert [data and data["reply"] for data in kept] == ["Until ten.", "Until nine."]


@pytest.mark.parametrize(
    ("category", "text", "sentence"),
    [
        ("nobody", "Too loud.", "Choose who objects: a category of participants."),
        ("resident", " ", "Enter the objection in a sentence."),
        ("resident", "x" * 501, "The objection is {length} characters long. Shorten it to {limit}."),
    ],
)
def test_an_objection_needs_a_category_and_a_sentence(resolved: Walk, category: str, text: str, sentence: str) -> None:
    publish(resolved, 0, 4)
    assert refusal(resolved, publicities.object_to, category, text).message == sentence


def test_an_answer_needs_text_and_an_objection_of_this_notice(resolved: Walk) -> None:
    objection = object_to(publish(resolved, 0, 4))
    assert refusal(resolved, publicities.reply, objection.id, "").message == "Enter the answer to the objection."
    gone = "That objection is gone. Look at the list below."
    assert refusal(resolved, publicities.reply, objection.id + 1, "Yes.").message == gone


def test_no_objection_before_or_after_the_notice(resolved: Walk) -> None:
    sentence = "{number} is not on public notice, so no objection can be logged. Write a note instead."
    assert refusal(resolved, publicities.object_to, "resident", "Too loud.").message == sentence
    resolved.promise()
    publish(resolved, -6, -1).move(resolved.topic, "execute")
    assert refusal(resolved, publicities.object_to, "resident", "Too loud.").message == sentence


def test_a_grid_worker_logs_an_objection_but_does_not_answer_it(resolved: Walk, actor: Actors) -> None:
    publish(resolved, 0, 4)
    resolved.actor = actor("grid_worker")
    objection = object_to(resolved)
    refusal(resolved, publicities.reply, objection.id, "No.")


def test_an_objection_that_holds_brings_the_topic_back_to_a_new_sitting(resolved: Walk) -> None:
    object_to(publish(resolved, 0, 4))
    resolved.move(resolved.topic, "reconsider", note="The objection holds.")
    assert resolved.topic.state == "meeting"
    resolved.vote().move(resolved.topic, "resolve")
    publish(resolved, 1, 5)
    assert publicities.objections(resolved.session, notice(resolved)) == []
