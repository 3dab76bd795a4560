"""Checks of what a flow shows, and where its parts stand: each word of ``flow.toml`` is one that is known."""

from collections.abc import Iterator

from services.engine.definition import Flow
from services.engine.field_checks import kept
from services.engine.link_checks import Found, one_of
from services.words import vocabulary
from services.words.i18n import listed

# What any list may show, ask and stand beside its rows, and what gives any matter a day.
COLUMNS = (
    *("number", "title", "state", "clock", "due", "area", "category", "unit", "opened", "closed", "source"),
    *("location", "description", "public", "forum", "grade", "parties", "clauses", "occasions", "present"),
)
FILTERS = (
    *("text", "openness", "clock", "category", "state", "unit", "forum", "source", "opened_from", "opened_to", "sort"),
)
LANES = ("state", "station")
DAYS = ("due", "meeting", "publicity", "occasion", "clause")
# Shared parts that the page of any matter can show, and acts on a party that a flow may keep to some of its states.
PARTS = ("parties", "clauses", "occasions")
PARTY_ACTS = ("invite", "sign", "attend", "answer", "rate", "rate_back")
# What is done to a clause; "clock" names the states in which the next clause is the deadline of the matter.
CLAUSE_ACTS = ("write", "reword", "fulfil", "break", "drop")
OCCASION_ACTS = ("plan", "count")
# What the rows and columns of a matrix can be, besides kept choices.
AXES = ("community", "estate", "level", "unit", "category", "month")
SECTIONS = ("see", "work", "unite", "manage")
# Types of kept fields that say when, and those that are a choice of a few.
_DAYS, _CHOICES = ("day", "moment"), ("code", "yes_no")
_UNKNOWN = listed("{file}, {part}: {column} names {value}, which is none of: {known}. Write one of these.")


def faults(flow: Flow) -> Found:
    """The first unknown word of each line."""
    for part, name, known in _told(flow):
        for word in flow.words(part, name) if part else str(flow.head.get(name, "")).split():
            if word not in known:
                told = {"part": f"[{part}]" if part else name, "column": name, **one_of(word, known)}
                yield "flow.toml", 0, _UNKNOWN, told
                break


def _told(flow: Flow) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    own = {name: flow.fields[field] for name, field in kept(flow).items()}
    of = {
        types: tuple(name for name, field in own.items() if field.keep == "detail" and field.type in types)
        for types in (_DAYS, _CHOICES)
    }
    yield "", "section", SECTIONS
    yield "list", "columns", (*COLUMNS, *(name for name, field in own.items() if field.keep == "detail"))
    yield "list", "filters", (*FILTERS, *of[_CHOICES])
    yield "list", "more", (*FILTERS, *of[_CHOICES])
    yield "board", "lanes", LANES
    yield "calendar", "days", (*DAYS, *of[_DAYS])
    yield "page", "parts", PARTS
    yield "parties", "part", tuple(vocabulary.codes("part"))
    for act in PARTY_ACTS:
        yield "parties", act, tuple(flow.states)
    for act in (*CLAUSE_ACTS, "clock", "cited"):
        yield "clauses", act, tuple(flow.states)
    for act in OCCASION_ACTS:
        yield "occasions", act, tuple(flow.states)
    for axis in ("rows", "columns"):
        yield "matrix", axis, (*AXES, *of[_CHOICES])
    yield "matrix", "units", tuple(vocabulary.codes("organisation"))
    yield "matrix", "yield", tuple(name for name, field in own.items() if field.type == "count")
    yield "clauses", "term", tuple(name for name in of[_DAYS] if own[name].type == "day")
    yield "meeting", "state", tuple(flow.states)
    yield "meeting", "counters", ("two_people",)
    yield "import", "state", tuple(code for code, state in flow.states.items() if state.is_open)
