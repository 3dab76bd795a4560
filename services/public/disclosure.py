"""Disclosure: what the public is told. Staff read every figure and every event; this says what a viewer does not.

Who reads only some matters, such as those of one unit, is told no figure that counts others. Nobody reads in the
history of one matter which others it has to do with, unless those may be read too.

A count of 1 to 4 points at people, so it is withheld, and with it whatever would give it away by subtraction:

- Figures that can be computed from one another are decided together, once for all pages: ``FAMILIES``.
- Of the areas that make up a larger one, the small are withheld, then the next smallest, until what anybody gets by
  taking those shown from the whole is not small itself. Below an area that is withheld, everything is.
- There is one period, no period before and no trend: the difference of two periods is a count of its own.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from sqlmodel import Session

from models.area import Area
from models.event import Event
from models.matter import Matter
from services.engine import flows
from services.engine.flows import BIRTH
from services.figures import indicators, readings
from services.figures.indicators import Count
from services.figures.readings import Figure
from services.places import areas
from services.places.areas import Scope
from services.rights.matter_rights import open_numbers
from services.rights.permissions import Actor, only_public, reads_all
from services.rules.rules import rule

FAMILIES = (
    ("open", "density", "raised"),
    ("overdue", "closed_rate", "on_time_rate"),
    ("promise_rate",),
    ("satisfied_rate",),
)
Cells = tuple[Count, ...]


def small(count: Count) -> bool:
    """Whether a cell, or what is left beside it, is too small for the public (1 to 4)."""
    least = rule("public.cell").value
    cells = [count.numerator]
    if count.denominator is not None:
        cells += [count.denominator, count.denominator - count.numerator]
    return any(0 < cell < least for cell in cells)


def period(session: Session, actor: Actor, asked: str) -> str:
    """The period this reader's figures are for: the one asked for, and for the public the one there is."""
    return readings.usual(session, "") if only_public(actor) else asked


def told(session: Session, actor: Actor, here: Scope, figure: Figure) -> Figure | None:
    """The figure of an area as this reader may see it; None where it is withheld."""
    if reads_all(actor):
        return figure
    if withheld(session, actor, here.path, figure.definition.code):
        return None
    return replace(figure, before=None, months=(), trend=(), change=None)


def withheld(session: Session, actor: Actor, path: str, code: str) -> bool:
    """Whether this reader may not see the indicator ``code`` for the area at ``path``."""
    if reads_all(actor):
        return False
    if not only_public(actor) or not for_public(code):
        return True
    chain = areas.ancestors(session, path)
    whole = _cells(session, chain[0], [], code)[chain[0].id]
    return any(map(small, whole)) or any(part.id in _among(session, above, code) for above, part in pairwise(chain))


def for_public(code: str) -> bool:
    """Whether the public is told the indicator at all: what no family decides about stays inside."""
    return any(code in family for family in FAMILIES)


def hidden(session: Session, actor: Actor, here: Scope, code: str) -> frozenset[int]:
    """The areas one level down for which this reader may not see the indicator ``code``, by id."""
    if withheld(session, actor, here.path, code):
        return frozenset(part.id for part in areas.children(session, here.area_id))
    return _among(session, session.get_one(Area, here.area_id), code) if only_public(actor) else frozenset()


def _among(session: Session, whole: Area, code: str) -> frozenset[int]:
    family = _family(code)
    question = ("withheld", family, whole.path)
    return readings.kept(session, question, lambda: _decide(session, whole, code))


def _family(code: str) -> tuple[str, ...]:
    return next(family for family in FAMILIES if code in family)


def _decide(session: Session, whole: Area, code: str) -> frozenset[int]:
    cells = _cells(session, whole, areas.children(session, whole.id), code)
    return hide(cells, cells.pop(whole.id))


def _cells(session: Session, whole: Area, parts: list[Area], code: str) -> dict[int, Cells]:
    # Density is open issues against households: its cell is that of the open issues.
    columns = [_column(session, one, whole, [*parts, whole]) for one in _family(code) if one != "density"]
    return {area.id: tuple(column[area.id] for column in columns) for area in (*parts, whole)}


def _column(session: Session, code: str, whole: Area, wanted: list[Area]) -> dict[int, Count]:
    span = readings.span(readings.usual(session, ""))
    found = indicators.rolled_up(session, code, whole.path, span, wanted)
    if code != "overdue":
        return found
    of = indicators.rolled_up(session, "open", whole.path, span, wanted)
    return {area: Count(count.numerator, int(of[area].numerator)) for area, count in found.items()}


def hide(cells: Mapping[int, Cells], whole: Cells) -> frozenset[int]:
    """Which of the cells that make up ``whole`` to withhold, so that neither they nor what subtraction gives is small.

    What lies in no part counts as withheld: nobody is told of it.
    """
    shown = {area for area, own in cells.items() if not any(map(small, own))}
    for area in sorted(shown, key=lambda one: _size(cells[one])):
        if not any(map(small, _left(whole, (cells[one] for one in shown)))):
            break
        if _size(cells[area]):
            shown.remove(area)
    return frozenset(cells) - shown


def _left(whole: Cells, shown: Iterable[Cells]) -> Cells:
    columns = zip(*shown, strict=True)
    summed = {at: sum(column, Count()) for at, column in enumerate(columns)}
    return tuple(_minus(count, summed.get(at, Count())) for at, count in enumerate(whole))


def _minus(whole: Count, part: Count) -> Count:
    rest = None if whole.denominator is None else whole.denominator - (part.denominator or 0)
    return Count(whole.numerator - part.numerator, rest)


def _size(cells: Cells) -> float:
    return sum(count.numerator if count.denominator is None else count.denominator for count in cells)


def steps(flow: str) -> set[str]:
    """The steps of a flow that the public reads: those that bring a matter forward, as its folder says.

    How the desk went about it, and all that was said and counted, stays inside.
    """
    return {BIRTH, *flows.flow(flow).words("public", "steps")}


def decides(flow: str) -> bool:
    """Whether a flow comes to decisions that the public reads some day."""
    return any(state.public == "decision" for state in flows.states(flow).values())


def may_read_decision(actor: Actor, matter: Matter) -> bool:
    """Whether this reader may read what was decided: the public only once the latest decision was put on notice."""
    return not only_public(actor) or (matter.public and flows.state(matter.flow, matter.state).public == "decision")


# Under which names an event keeps the number of another matter, and what it says of that one beside it.
_OTHERS = frozenset(("number", "origin", "topic", "duplicate_of"))
_OF_OTHERS = _OTHERS | {"title", "state"}
# A step that another matter's step brought about has that one's number for its reason.
_NUMBER = re.compile(r"\w+-\d{4}-\d{6,}")


def history(session: Session, actor: Actor, flow: str, events: list[Event]) -> list[Event]:
    """What happened to a matter, as this reader may know it: the public reads steps, without who, notes, entries."""
    if only_public(actor):
        public = steps(flow)
        return [_bare(event) for event in events if event.action in public]
    named = {number for event in events for number in _others(event)}
    closed = named - open_numbers(session, actor, named) if named else named
    return [_silent(event) if closed & _others(event) else event for event in events]


def _ties() -> set[str]:
    """What a tie is called, under which the arrow that made it keeps the number of the other end."""
    return {link.kind for flow in flows.flows() for link in flows.links(flow)}


def _others(event: Event) -> set[str]:
    data = event.data or {}
    said = {event.note} if _NUMBER.fullmatch(event.note) else set()
    return said | {str(data[name]) for name in _OTHERS | _ties() if name in data}


def _silent(event: Event) -> Event:
    left_out = _OF_OTHERS | _ties()
    kept = {name: value for name, value in (event.data or {}).items() if name not in left_out}
    note = "" if _NUMBER.fullmatch(event.note) else event.note
    return Event(**event.model_dump(exclude={"data", "note"}), data=kept, note=note)


def _bare(event: Event) -> Event:
    kept = event.model_dump(include={"id", "matter_id", "seq", "at", "action", "from_state", "to_state"})
    return Event(**kept, actor="", digest="")
