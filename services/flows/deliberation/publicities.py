"""Publicity 公示: the days a result hangs out, the objections that come in and their answers."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.deliberation import Objection, Publicity
from models.matter import Matter
from services.engine import events, fields, workflow
from services.flows.deliberation import deliberations
from services.meetings import meetings
from services.rights.permissions import Actor
from services.rules import rules
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.i18n import listed


def latest(session: Session, topic: Matter) -> Publicity | None:
    """The latest public notice of a topic."""
    query = select(Publicity).where(Publicity.matter_id == topic.id).order_by(col(Publicity.id).desc())
    return session.exec(query).first()


def objections(session: Session, notice: Publicity) -> list[Objection]:
    """The objections to a notice, first to last."""
    return list(session.exec(select(Objection).where(Objection.publicity_id == notice.id).order_by(col(Objection.id))))


@workflow.guard
def publicity_long_enough(session: Session, topic: Matter, values: dict[str, Any]) -> None:
    """The days are in order, not before what was adopted, and as many as the forum's rule asks for where it binds."""
    first, last = values["starts_on"], values["ends_on"]
    if last < first:
        raise Refused("The last day of the public notice lies before its first day. Correct the dates.")
    _require_adopted_before(session, topic, first)
    _, forum = deliberations.detail(session, topic)
    rule = rules.check_in(forum.ruleset, "publicity")
    if rule and rule.binding and rule.days(first, last) < rule.value:
        raise Refused(
            "The notice must hang out at least {days} days ({source}). Choose a later last day.",
            days=int(rule.value),
            source=rule.source,
        )


def _require_adopted_before(session: Session, topic: Matter, first: date) -> None:
    meeting = meetings.current(session, topic)
    adopted = clock.local(meeting.ended_at).date() if meeting and meeting.ended_at else None
    if adopted and first < adopted:
        raise Refused(
            "The resolution was adopted on {day}, so the notice can't have begun on {first}. Choose a first day from "
            "{day} on.",
            day=adopted.isoformat(),
            first=first.isoformat(),
        )


@workflow.on("deliberation", "publish")
def hang_out(session: Session, _actor: Actor, topic: Matter, values: dict[str, Any]) -> None:
    """The result hangs out; that the whole line becomes public with it, the links say."""
    kept = {name: values[name] for name in ("starts_on", "ends_on", "location")}
    session.add(Publicity(matter_id=topic.id, **kept))


@workflow.guard
def publicity_over(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """The last day of the notice has passed."""
    notice = latest(session, topic)
    if notice and clock.today() <= notice.ends_on:
        raise Refused(
            "The result is on public notice until {day}. Carry it out from the day after.",
            day=notice.ends_on.isoformat(),
        )


@workflow.guard
def objections_answered(session: Session, topic: Matter, _values: dict[str, Any]) -> None:
    """No objection is left without an answer."""
    notice = latest(session, topic)
    waiting = [found for found in (objections(session, notice) if notice else []) if not found.reply]
    if waiting:
        raise Refused(
            "{count} objections have no answer yet. Answer them, or take the topic back to a meeting.",
            count=len(waiting),
        )


def _notice(session: Session, topic: Matter) -> Publicity:
    notice = latest(session, topic)
    if topic.state != "publicised" or notice is None:
        raise Refused(
            "{number} is not on public notice, so no objection can be logged. Write a note instead.",
            number=topic.number,
        )
    return notice


def object_to(session: Session, actor: Actor, number: str, version: int, category: str, text: str) -> Matter:
    """Log an objection under the category of who raised it."""
    topic = workflow.claim(session, actor, number, version, "deliberation.object")
    notice = _notice(session, topic)
    if category not in vocabulary.codes("participant"):
        raise Refused("Choose who objects: a category of participants.")
    said = fields.text(
        text,
        500,
        Refused("Enter the objection in a sentence."),
        listed("The objection is {length} characters long. Shorten it to {limit}."),
    )
    session.add(Objection(publicity_id=notice.id, category=category, text=said, at=clock.now()))
    events.append(session, topic, actor, "objection", data={"category": category, "text": said})
    session.flush()
    return topic


def reply(session: Session, actor: Actor, number: str, version: int, objection_id: int, text: str) -> Matter:
    """Answer an objection; a later answer replaces the earlier one, and the chain keeps both."""
    topic = workflow.claim(session, actor, number, version, "deliberation.reply")
    notice = _notice(session, topic)
    found = session.get(Objection, objection_id)
    if found is None or found.publicity_id != notice.id:
        raise Refused("That objection is gone. Look at the list below.")
    found.reply = fields.text(
        text,
        500,
        Refused("Enter the answer to the objection."),
        listed("The answer is {length} characters long. Shorten it to {limit}."),
    )
    found.replied_at = clock.now()
    session.add(found)
    events.append(session, topic, actor, "reply", data={"objection": found.text[:80], "reply": found.reply})
    session.flush()
    return topic
