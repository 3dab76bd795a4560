"""Lists of figures: each indicator with n and definition; ``services.public.disclosure`` says what the public reads."""

from dataclasses import dataclass, replace

from sqlmodel import select

from models.area import Area
from services.engine import flows
from services.exporting.lists.list_columns import Cell, Column, Extract, Meaning, Words, attribute
from services.exporting.lists.list_requests import Question
from services.figures import durations, indicators, readings
from services.figures.indicators import Count, Definition
from services.figures.kept_counts import Ask
from services.layers.shading import as_read, written
from services.places import areas
from services.public import disclosure
from services.rights.permissions import Actor, only_public, reads_all
from services.system import clock
from services.words.i18n import listed


@dataclass(frozen=True)
class Reading:
    """One indicator of one area: the value as it is counted, of how many; nothing at all where it is withheld."""

    area: str
    definition: Definition
    months: str
    told: bool
    value: float | None = None
    numerator: float | None = None
    n: int | None = None
    left: int | None = None
    recorded: bool = True

    def cell(self, _words: Words) -> Cell:
        """The value as a number: shares between 0 and 1, density per 1000 households, durations in hours."""
        per_thousand = self.value is not None and self.definition.unit == "per_thousand"
        return (self.value or 0) * 1000 if per_thousand else self.value


def table(question: Question) -> Extract:
    """Every indicator for the area in view and each area one level down, with numerator, denominator and definition."""
    words, usual = question.words, readings.usual(question.session, question.here.path)
    asked = question.params.get("period", "")
    period = disclosure.period(question.session, question.actor, asked if asked in readings.PERIODS else usual)
    flow = _flow(question)
    rows = [row for code in indicators.codes(flow) for row in _readings(question, code, period, flow)]
    notes = (words.say(notice[0], **notice[1]) for notice in _notices(question))
    return Extract(
        name="indicators",
        title=words.say("Indicators"),
        unit=question.unit(),
        scope=question.scope(),
        asked=((words.say("Period"), _said(question, period)), (words.say("Flow"), words.term("flow", flow))),
        columns=_FIGURE,
        count=len(rows),
        rows=lambda: rows,
        notes=tuple(notes),
        meanings=tuple(_meaning(words, indicators.definitions()[code]) for code in indicators.codes(flow)),
    )


def _said(question: Question, period: str) -> str:
    span = disclosure.span(question.session, question.actor, period)
    if span.first <= 0:
        return question.words.say("All time")
    return f"{clock.month_label(span.first)} – {clock.month_label(span.last)}"


def _notices(question: Question) -> list[tuple[str, dict[str, object]]]:
    return [disclosure.notice(question.session, question.actor)] if only_public(question.actor) else []


def _flow(question: Question) -> str:
    """The flow asked about; the public is told of the first alone."""
    asked = question.params.get("flow", "")
    return asked if asked in flows.flows() and not only_public(question.actor) else flows.first()


def _readings(question: Question, code: str, period: str, flow: str) -> list[Reading]:
    session, actor, here = question.session, question.actor, question.here
    definition = indicators.definitions()[code]
    months = question.words.say("Now") if definition.now else _said(question, period)
    parts = areas.children(session, here.area_id)
    of = _hours if definition.unit == "hours" else _counts
    values = of(question, definition, period, flow)
    shown = {here.area_id: here.name} | {part.id: part.name for part in parts}
    return [
        _read(actor, Reading(name, definition, months, True, *values[area]))
        if area in values
        else Reading(name, definition, months, told=False)
        for area, name in shown.items()
    ]


_Values = dict[int, tuple[float | None, float | None, int | None, int]]


def _counts(question: Question, definition: Definition, period: str, flow: str) -> _Values:
    session, actor, here, code = question.session, question.actor, question.here, definition.code
    found = disclosure.parts(session, actor, here, code, period, flow)
    told = disclosure.told(session, actor, here, readings.figure(session, code, here.path, period, flow))
    found[here.area_id] = told.count if told else None
    return {area: _values(count, definition.unit) for area, count in found.items() if count is not None}


def _values(count: Count, unit: str) -> tuple[float | None, float | None, int | None, int]:
    return as_read(count.value, unit), as_read(count.numerator, "count"), count.denominator, count.left


def _hours(question: Question, definition: Definition, period: str, flow: str) -> _Values:
    session, here = question.session, question.here
    if not reads_all(question.actor):
        return {}
    parts = areas.children(session, here.area_id)
    times = readings.lasting(session, Ask(here.path, readings.span(period), flow=flow))
    paths = dict(session.exec(select(Area.id, Area.path).where(areas.within(here.path))).all())
    found: _Values = {}
    for area, path in ((here.area_id, here.path), *((part.id, part.path) for part in parts)):
        told = durations.together(one for key, one in times.items() if paths[int(key)].startswith(path))
        lasted = told.told(definition.code)
        found[area] = (lasted.hours, None, lasted.n, lasted.left)
    return found


def _read(actor: Actor, reading: Reading) -> Reading:
    # How many are left out is a count of its own, and nobody decides which of those the public is told.
    recorded = reading.n != 0 or not reading.left
    return replace(reading, recorded=recorded, left=reading.left if reads_all(actor) else None)


def _meaning(words: Words, definition: Definition) -> Meaning:
    parts = (definition.text(part, words.language) for part in ("definition", "numerator", "denominator"))
    source = words.say("Source: {source} (evidence {mark})", source=definition.source, mark=definition.mark)
    return Meaning(words.term("indicator", definition.code), (*filter(None, parts), source))


def _shown(row: Reading, words: Words) -> Cell:
    if not row.told:
        return words.say("not shown")
    if not row.recorded:
        return words.say("Not recorded")
    if row.definition.unit == "hours" and row.n:
        told = row.value is not None
        return words.say("{hours} h", hours=f"{row.value:,.0f}") if told else words.say("not reached yet")
    return written(row.value, row.definition.unit) or words.say("No cases")


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
        lambda row, _words: row.numerator,
        "number",
        10,
    ),
    Column(
        "denominator_n",
        listed("n (denominator)"),
        listed("Out of how many cases; empty for a plain count."),
        lambda row, _words: row.n,
        "count",
        12,
    ),
    Column(
        "left_out",
        listed("Left out"),
        listed("How many are left out because the ledger they came from does not record this."),
        lambda row, _words: row.left or None,
        "count",
        10,
    ),
    Column("months", listed("Period"), listed("The months counted, first to last."), attribute("months"), width=19),
    _part("definition"),
    Column(
        "value",
        listed("Value"),
        listed("The figure as a number: shares between 0 and 1, density per 1000 households, durations in hours."),
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
