"""Lists of figures: every indicator with its n and definition; ``services.disclosure`` says what the public reads."""

from dataclasses import dataclass

from services import areas, clock, disclosure, figures, indicators
from services.exporting.columns import Cell, Column, Extract, Meaning, Words, attribute
from services.exporting.questions import Question
from services.i18n import listed
from services.indicators import Count, Definition
from services.permissions import only_public
from services.shading import written


@dataclass(frozen=True)
class Reading:
    """One indicator of one area; no count where this reader may not see it."""

    area: str
    definition: Definition
    count: Count | None
    months: str

    def cell(self, _words: Words) -> Cell:
        """The value as a number: shares between 0 and 1, density per 1000 households."""
        value = self.count.value if self.count else None
        return value * 1000 if value is not None and self.definition.unit == "per_thousand" else value


def table(question: Question) -> Extract:
    """Every indicator for the area in view and each area one level down, with numerator, denominator and definition."""
    words, usual = question.words, figures.usual(question.session, question.here.path)
    asked = question.params.get("period", "")
    period = disclosure.period(question.session, question.actor, asked if asked in figures.PERIODS else usual)
    rows = [row for code in indicators.definitions() for row in _readings(question, code, period)]
    withheld = words.say("Counts below 5 are not shown, nor any count that would give one away.")
    return Extract(
        name="indicators",
        title=words.say("Indicators"),
        unit=question.unit(),
        scope=question.scope(),
        asked=((words.say("Period"), rows[0].months if rows else ""),),
        columns=_FIGURE,
        count=len(rows),
        rows=lambda: rows,
        notes=(withheld,) if only_public(question.actor) else (),
        meanings=tuple(_meaning(words, definition) for definition in indicators.definitions().values()),
    )


def _readings(question: Question, code: str, period: str) -> list[Reading]:
    session, actor, here = question.session, question.actor, question.here
    span, definition = figures.span(period), indicators.definitions()[code]
    # A span without a first month counts everything.
    first = clock.month_label(span.first) if span.first else ""
    months = f"{first} – {clock.month_label(span.last)}"
    whole = disclosure.told(session, actor, here, figures.figure(session, code, here.path, period))
    found = [Reading(here.name, definition, whole.count if whole else None, months)]
    parts = areas.children(session, here.area_id)
    counted = indicators.rolled_up(session, code, here.path, span, parts)
    hidden = disclosure.hidden(session, actor, here, code)
    return found + [
        Reading(part.name, definition, None if part.id in hidden else counted[part.id], months) for part in parts
    ]


def _meaning(words: Words, definition: Definition) -> Meaning:
    parts = (definition.text(part, words.language) for part in ("definition", "numerator", "denominator"))
    source = words.say("Source: {source} (evidence {mark})", source=definition.source, mark=definition.mark)
    return Meaning(words.term("indicator", definition.code), (*filter(None, parts), source))


def _shown(row: Reading, words: Words) -> Cell:
    if row.count is None:
        return words.say("not shown")
    return written(row.count.value, row.definition.unit) or words.say("No cases")


def _part(part: str) -> Column:
    labels = {
        "definition": (listed("Definition"), listed("What the figure counts.")),
        "numerator": (listed("Numerator counts"), listed("What is counted above the line.")),
        "denominator": (listed("Denominator counts"), listed("What is counted below the line.")),
    }
    label, meaning = labels[part]
    return Column(
        part,
        label,
        meaning,
        lambda row, words: row.definition.text(part, words.language),
        width=40,
        printed=part == "definition",
    )


_FIGURE = (
    Column("area", listed("Area"), listed("The area, everything below it included."), attribute("area"), width=20),
    Column(
        "indicator",
        listed("Indicator"),
        listed("The figure's name."),
        lambda row, words: words.term("indicator", row.definition.code),
        width=20,
    ),
    Column("shown", listed("Figure"), listed("The figure as the pages show it."), _shown, width=11),
    Column(
        "numerator_n",
        listed("Numerator"),
        listed("How many cases count."),
        lambda row, _words: row.count.numerator if row.count else None,
        "count",
        10,
    ),
    Column(
        "denominator_n",
        listed("n (denominator)"),
        listed("Out of how many cases; empty for a plain count."),
        lambda row, _words: row.count.denominator if row.count else None,
        "count",
        12,
    ),
    Column("months", listed("Period"), listed("The months counted, first to last."), attribute("months"), width=19),
    _part("definition"),
    Column(
        "value",
        listed("Value"),
        listed("The figure as a number: shares between 0 and 1, density per 1000 households."),
        Reading.cell,
        "number",
        10,
        False,
    ),
    _part("numerator"),
    _part("denominator"),
    Column(
        "source",
        listed("Source"),
        listed("Where the definition comes from."),
        lambda row, _words: row.definition.source,
        width=40,
        printed=False,
    ),
    Column(
        "mark",
        listed("Evidence"),
        listed("V: read at the source. S: second hand. M: not proved, so it only advises."),
        lambda row, _words: row.definition.mark,
        width=8,
        printed=False,
    ),
)
