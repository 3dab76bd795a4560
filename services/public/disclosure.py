"""Disclosure: what the public is told. Staff read every figure and every event; this says what a viewer does not.

Who reads only some matters, such as those of one unit, is told no figure that counts others. Nobody reads in the
history of one matter which others it has to do with, unless those may be read too.

A small count points at people, and so does what taking one figure from another gives. So the public's figures are not
the desk's with some left out: they are made from an edition of their own (``editions``), counted once a week, in which
the cases that are not public are rounded (``rounding``) by kind and area (``cells``). Whatever is worked out from an
edition, on any page and in any file, tells no more than the edition does.
"""

import re
from dataclasses import replace

from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import flows
from services.engine.flows import BIRTH
from services.figures import indicators, rankings, readings
from services.figures.indicators import Count
from services.figures.kept_counts import Span
from services.figures.rankings import Ranked
from services.figures.readings import Figure
from services.places import areas
from services.places.areas import Scope
from services.public import editions, told_counts
from services.rights.matter_rights import open_numbers
from services.rights.permissions import Actor, only_public, reads_all
from services.system import clock
from services.words.i18n import listed


def period(session: Session, actor: Actor, asked: str) -> str:
    """The period this reader's figures are for: the one asked for, and for the public the one there is."""
    whole = _whole(session, actor)
    return told_counts.period(session, whole) if whole and only_public(actor) else asked


def span(session: Session, actor: Actor, period: str) -> Span:
    """The months that this reader's figures count over a period; the public's are over, and the same for every page."""
    whole = _whole(session, actor)
    return told_counts.span(session, whole) if whole and only_public(actor) else readings.span(period)


def _whole(session: Session, actor: Actor) -> str:
    return actor.area_path or next((root.path for root in areas.roots(session, actor)), "")


def told(session: Session, actor: Actor, here: Scope, figure: Figure) -> Figure | None:
    """The figure of an area as this reader may see it; None where it is withheld."""
    if reads_all(actor):
        return figure
    count = _count(session, actor, here.path, figure.definition.code)
    return replace(figure, count=count, before=None, months=(), trend=(), change=None) if count else None


def _count(session: Session, actor: Actor, path: str, code: str) -> Count | None:
    here = areas.ancestors(session, path)[-1:]
    return next(iter(told_counts.counted(session, actor, code, path, here, "").values()), None)


def withheld(session: Session, actor: Actor, path: str, code: str) -> bool:
    """Whether this reader may not see the indicator ``code`` for the area at ``path``."""
    return not reads_all(actor) and _count(session, actor, path, code) is None


def for_public(code: str) -> bool:
    """Whether the public is told the indicator at all."""
    return told_counts.for_public(code)


def parts(
    session: Session, actor: Actor, here: Scope, code: str, period: str, flow: str = ""
) -> dict[int, Count | None]:
    """The indicator for each area one level down, by id, as this reader may see it; None where it is withheld."""
    return told_counts.counted(session, actor, code, here.path, areas.children(session, here.area_id), period, flow)


def hidden(session: Session, actor: Actor, here: Scope, code: str) -> frozenset[int]:
    """The areas one level down for which this reader may not see the indicator ``code``, by id."""
    if reads_all(actor):
        return frozenset()
    return frozenset(area for area, count in parts(session, actor, here, code, "year").items() if count is None)


def ranking(session: Session, actor: Actor, code: str, here: Scope, period: str, flow: str = "") -> list[Ranked]:
    """The areas one level down compared by a share, worked out from those alone that this reader is shown."""
    if reads_all(actor):
        return readings.ranking(session, code, here, period, flow)
    told, inside = parts(session, actor, here, code, period), areas.children(session, here.area_id)
    counted = [(part, count) for part in inside if (count := told[part.id]) is not None]
    return rankings.ranked(counted, indicators.definitions()[code].better)


def begins_with(session: Session, actor: Actor, path: str, flow: str = "") -> str:
    """The indicator a map begins with, for this reader."""
    if reads_all(actor):
        return readings.telling(session, path, flow)
    return next((code for code in _TELLING if not withheld(session, actor, path, code)), _TELLING[-1])


_TELLING = ("density", "open", "on_time_rate")


def notice(session: Session, actor: Actor) -> tuple[str, dict[str, object]]:
    """What a reader of the public's figures has to know of them: the sentence and its values."""
    day = clock.local(told_counts.asked_at(session, _whole(session, actor))).date()
    return _NOTICE, {"day": day, "step": editions.step(), "least": told_counts.least()}


_NOTICE = listed(
    "Public figures as of {day}, counted anew once a week. Matters that are not public are counted in steps of {step},"
    " up or down, so a figure may be off by some. Below {least} nothing is shown."
)


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
