"""The casebook as a list: published figures of every place in view, recounted; and the records behind one of them."""

from typing import Any

from services.exporting.lists.list_columns import Cell, Column, Extract, Value, Words, attribute, moment
from services.exporting.lists.list_requests import Question
from services.figures import casebook, records_behind
from services.figures.casebook import Line
from services.words import stated_numbers
from services.words.i18n import listed
from services.words.vocabulary import Word


def figures(question: Question) -> Extract:
    """The figures that the address asks for: of one place, one mechanism, one verdict."""
    words, asked = question.words, casebook.asked(question.params)
    found = casebook.chosen(casebook.lines(question.session, question.actor), asked)
    rules = [f"{stated_numbers.spoken(code, words.language)}: {stated_numbers.rule(code, words.language)}"
             for code in casebook.qualifiers(found)]  # fmt: skip
    places = dict.fromkeys(line.place.name for line in found)
    return Extract(
        name="casebook",
        title=words.say("Casebook"),
        unit=question.unit(),
        scope=", ".join(places),
        asked=((words.say("Verdict"), words.term("recount", asked.verdict)),) if asked.verdict else (),
        columns=_FIGURE,
        count=len(found),
        rows=lambda: found,
        notes=tuple(rules),
    )


def behind(question: Question) -> Extract:
    """The records behind one figure, which the address names."""
    words, area = question.words, question.here.code
    found = records_behind.behind(question.session, question.actor, question.params.get("of", ""), area)
    title = " · ".join(dict.fromkeys(_either(card, words) for card in found.said_by))
    return Extract(
        name="records",
        title=title,
        unit=question.unit(),
        scope=found.area.name,
        asked=(),
        columns=_record(found.found.kinds),
        count=len(found.lines),
        rows=lambda: found.lines,
    )


def _either(told: Any, words: Words, part: str = "") -> str:
    return str(getattr(told, f"{part}zh" if words.language.startswith("zh") else f"{part}en"))


def _of_figure(part: str) -> Value:
    return lambda line, words: _either(line.figure, words, part)


def _published(line: Line, words: Words) -> Cell:
    return line.figure.shown(words.language)


def _missing(line: Line, words: Words) -> Cell:
    return line.missing(words.language)


def _record(kinds: str) -> tuple[Column, ...]:
    def kind(line: records_behind.Line, _words: Words) -> Cell:
        return Word(kinds, line.kind).said(_words.language) if kinds and line.kind else line.kind

    return (
        Column("code", listed("Code"), listed("Its own code or number."), attribute("code"), width=18),
        Column("name", listed("Name"), listed("What it is called."), attribute("name"), width=32),
        Column("kind", listed("Kind"), listed("What kind it is of, or where it stands."), kind, width=16),
        Column("area", listed("Area"), listed("The area it stands in."), attribute("area"), width=18),
        Column(
            "amount", listed("Amount"), listed("What it stands for in the figure."), attribute("amount"), "count", 9
        ),
        Column("at", listed("When"), listed("When it was raised or held."), moment("at"), "moment", 16),
    )


_FIGURE = (
    Column(
        "place", listed("Place"), listed("The place that published it."), lambda line, _w: line.place.name, width=14
    ),
    Column("no", listed("Mechanism no."), listed("The mechanism's number."), lambda line, _w: line.card.no, "count", 8),
    Column(
        "mechanism",
        listed("Mechanism"),
        listed("What the place says it does."),
        lambda line, words: _either(line.card, words),
        width=22,
    ),
    Column("figure", listed("Figure"), listed("What was published, in its words."), _of_figure(""), width=20),
    Column("value", listed("Value"), listed("The bare number."), lambda line, _w: line.figure.value, "count", 9),
    Column("published", listed("Published"), listed("The published figure with its qualifier and unit."), _published),
    Column("period", listed("Period"), listed("The time it is about."), _of_figure("period_"), width=14),
    Column(
        "recount",
        listed("Recount"),
        listed("What the records say now."),
        lambda line, _words: line.evidence.count if line.evidence else None,
        "count",
        10,
    ),
    Column(
        "verdict",
        listed("Verdict"),
        listed("Whether the recount bears the figure out."),
        lambda line, words: words.term("recount", line.verdict),
        width=14,
    ),
    Column("missing", listed("Missing"), listed("Why it can't be recounted yet."), _missing, width=30),
    Column("definition", listed("Definition"), listed("What the figure counts."), _of_figure("definition_"), width=36),
    Column(
        "source",
        listed("Source"),
        listed("Where it was published."),
        lambda line, _words: line.figure.source,
        width=24,
        printed=False,
    ),
)
