"""Lists of what is written down: the rules with their sources, and the audit trail."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, select

from models.event import Event
from models.matter import Matter
from services.engine import event_names
from services.exporting.lists.list_columns import Cell, Column, Extract, Words, attribute, moment
from services.exporting.lists.list_requests import Question, batches, ids_of
from services.matters import audit_trail
from services.rules import rules
from services.rules.rules import Rule
from services.system import clock
from services.words.i18n import listed

_NEWEST_LINES = 100_000


def rulebook(question: Question) -> Extract:
    """The rules that hold the words searched for."""
    words, asked = question.words, question.params.get("rule", "")[:60]
    found = rules.found(asked, words.language)
    return Extract(
        name="rules",
        title=words.say("Rules"),
        unit=question.unit(),
        scope=question.scope(),
        asked=((words.say("Search"), asked),) if asked else (),
        columns=_RULE,
        count=len(found),
        rows=lambda: found,
        notes=(words.say("V: read at the source. S: second hand. M: not proved, so it only advises."),),
    )


def _value(rule: Rule, words: Words) -> Cell:
    return words.term("rule_unit", rule.unit).format(value=f"{rule.value:g}", share=f"{rule.value:.0%}")


_RULE = (
    Column(
        "rule", listed("Rule"), listed("What it asks for."), lambda rule, words: rule.text(words.language), width=40
    ),
    Column("value", listed("Value"), listed("Its number, with the unit."), _value, width=14),
    Column(
        "mark",
        listed("Evidence"),
        listed("V: read at the source. S: second hand. M: not proved, so it only advises."),
        attribute("mark"),
        width=8,
    ),
    Column(
        "binds",
        listed("Binds"),
        listed("Whether the program refuses what breaks it, or only advises."),
        lambda rule, words: words.say("yes") if rule.binding else words.say("advises"),
        width=8,
    ),
    Column(
        "scope",
        listed("Scope"),
        listed("Where it holds."),
        lambda rule, words: words.term("scope", rule.scope),
        width=10,
    ),
    Column("source", listed("Source"), listed("Where it was read."), attribute("source"), width=40),
    Column(
        "force",
        listed("In force"),
        listed("Whether it holds today."),
        lambda rule, words: words.either(rule.in_force(clock.today())),
        width=8,
    ),
    Column("code", listed("Code"), listed("What the program calls it."), attribute("code"), width=24, printed=False),
)


def events(question: Question) -> Extract:
    """What happened to the matters in view, by everybody or one person, newest first."""
    session, words = question.session, question.words
    who = question.params.get("who", "")
    named = who if who in audit_trail.actors(session, question.actor) else ""
    ids = ids_of(session, audit_trail.asked(question.actor, question.here.path, named))
    return Extract(
        name="audit",
        title=words.say("Audit: on matters"),
        unit=question.unit(),
        scope=question.scope(),
        asked=((words.say("Who"), named),) if named else (),
        columns=_EVENT,
        count=len(ids),
        rows=lambda: batches(ids, lambda some: _rows(session, some)),
    )


def _rows(session: Session, ids: list[int]) -> Iterator[Any]:
    event = (Event.at, Event.actor, Event.action, Event.from_state, Event.to_state, Event.note)
    query = select(*event, Matter.number, Matter.title, Matter.flow)  # type: ignore[call-overload]
    joined = query.join(Matter, col(Matter.id) == Event.matter_id).where(col(Event.id).in_(ids))
    yield from session.connection().execute(joined.order_by(col(Event.id).desc()))


def _what(row: Any, words: Words) -> Cell:
    return words.term(*event_names.word(row.flow, row.action))


_EVENT = (
    Column("at", listed("When"), listed("Date and time at the office."), moment("at"), "moment", 17),
    Column("actor", listed("Who"), listed("The account it was done with."), attribute("actor"), width=16),
    Column("what", listed("What"), listed("The step that was taken."), _what, width=16),
    Column("number", listed("Number"), listed("The matter's own number."), attribute("number"), width=16),
    Column("title", listed("Title"), listed("What it is about."), attribute("title"), width=40),
    Column(
        "from",
        listed("From"),
        listed("The state before."),
        lambda row, words: words.term(f"state.{row.flow}", row.from_state),
    ),
    Column(
        "to",
        listed("State"),
        listed("The state after."),
        lambda row, words: words.term(f"state.{row.flow}", row.to_state),
    ),
    Column("note", listed("Note"), listed("What was noted with it."), attribute("note"), width=50, printed=False),
)


def lines(question: Question) -> Extract:
    """What happened outside any matter: sign-ins, accounts, imports, exports, backups; newest first."""
    words = question.words
    found = audit_trail.lines(question.session, question.actor, _NEWEST_LINES)
    return Extract(
        name="audit_lines",
        title=words.say("Audit: outside matters"),
        unit=question.unit(),
        scope=question.scope(),
        asked=(),
        columns=_LINE,
        count=len(found),
        rows=lambda: found,
    )


_LINE = (
    Column("at", listed("When"), listed("Date and time at the office."), moment("at"), "moment", 17),
    Column("actor", listed("Who"), listed("The account it was done with."), attribute("actor"), width=20),
    Column(
        "what",
        listed("What"),
        listed("The step that was taken."),
        lambda row, words: words.term("act", row.act),
        "text",
        24,
    ),
    Column(
        "subject",
        listed("Subject"),
        listed("What it was done to."),
        lambda row, _words: audit_trail.subject(row),
        width=40,
    ),
    Column("seq", listed("No. in the chain"), listed("Its place in the chain."), attribute("seq"), "count", 10, False),
)
