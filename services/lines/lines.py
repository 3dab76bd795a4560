"""The one line 一件事一条线: what hangs together, from where it was raised to where it was judged, for any flow.

Raised and decided are moments, the other stations are spans. A station is done when the matters of the line have
passed it, current while one stands there, broken where one was dropped, and skipped when it is not on its way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from models.matter import Matter
from services.engine import flows, links, telling
from services.engine.flows import STATIONS
from services.engine.telling import Told
from services.lines import broken_lines as breaks
from services.lines import passages
from services.lines.broken_lines import Break
from services.lines.passages import Passage
from services.rights import matter_rights, reader_texts
from services.rights.permissions import Actor

# What was merged lies on the line of the one that stays.
SAME = "duplicate_of"
_WORST_FIRST = ("broken", "current", "waiting", "done", "skipped")


@dataclass(frozen=True)
class Stage:
    """A station of the line. ``standing``: done, current, waiting, broken, or skipped where none was needed.

    ``flow`` is that of the matter which tells what happened here.
    """

    code: str
    standing: str
    at: datetime | None = None
    text: str = ""
    matters: tuple[Matter, ...] = ()
    told: Told = field(default_factory=Told)
    flow: str = ""


@dataclass(frozen=True)
class Line:
    """What hangs together: the matters as they grew from one another, the one that leads on, and the stations."""

    matters: list[Matter]
    head: Matter
    stages: list[Stage]
    breaks: list[Break]


@dataclass(frozen=True)
class Carrier:
    """A matter that carries the line on: how far it has come, and what was begun from it by hand."""

    matter: Matter
    passage: Passage
    parts: list[Matter]


def of(session: Session, actor: Actor, matter: Matter) -> Line:
    """The line a matter lies on, whatever its flow, as far as ``actor`` may read the matters on it."""
    spine = _spine(session, actor, matter)
    known = {one.id for one in spine}
    carriers = [carrier for one in spine if (carrier := _carrier(session, actor, one, known))]
    found = [gap for one in carriers if one.passage.open for gap in breaks.on(session, one.matter, one.parts)]
    broken = {gap.stage for gap in found}
    stages = [_stage(session, actor, spine, carriers, code) for code in STATIONS]
    marked = [replace(stage, standing="broken") if stage.code in broken else stage for stage in stages]
    return Line(spine, spine[-1], [_as_read(actor, stage) for stage in marked], found)


def _as_read(actor: Actor, stage: Stage) -> Stage:
    """The station in the words that this reader may read."""
    read = reader_texts.words(actor)
    entered = {name: read(said) if isinstance(said, str) else said for name, said in stage.told.entered.items()}
    return replace(stage, text=read(stage.text), told=replace(stage.told, text=read(stage.told.text), entered=entered))


def _spine(session: Session, actor: Actor, matter: Matter) -> list[Matter]:
    """The matters that grew from one another, first to last: before this one all, after it the newest of each kind."""
    stays = links.end_of(session, matter, SAME)
    matter = next(iter(_readable(session, actor, [stays])), matter)
    whole = session.get(Matter, matter.parent_id or 0)
    matter = next(iter(_readable(session, actor, [whole] if whole else [])), matter)
    found = {one.id: one for one in (*_before(session, actor, matter), matter)}
    todo = list(found.values())
    while todo:
        one = todo.pop(0)
        for new in _after(session, actor, one, found):
            found |= {other.id: other for other in (*_before(session, actor, new), new) if other.id not in found}
            todo.append(new)
    return list(found.values())


def _before(session: Session, actor: Actor, matter: Matter) -> list[Matter]:
    found: list[Matter] = []
    for origin in _readable(session, actor, links.origins(session, matter)):
        found += [*_before(session, actor, origin), origin]
    return found


def _after(session: Session, actor: Actor, matter: Matter, known: Iterable[int]) -> list[Matter]:
    found = []
    for kind in dict.fromkeys(link.kind for link in links.births(matter.flow)):
        ends = links.tied(session, matter, kind)
        if not any(end.id in known for end in ends):
            found += _readable(session, actor, ends)[-1:]
    return found


def _onward(session: Session, matter: Matter, known: set[int]) -> dict[str, list[Matter]]:
    """The matters of the line that this one leads to, by the kind of the tie."""
    kinds = dict.fromkeys(link.kind for link in links.births(matter.flow))
    ends = {kind: [end for end in links.tied(session, matter, kind) if end.id in known] for kind in kinds}
    return {kind: found for kind, found in ends.items() if found}


def _readable(session: Session, actor: Actor, found: list[Matter]) -> list[Matter]:
    return matter_rights.readable(session, actor, found) if found else []


def _carrier(session: Session, actor: Actor, matter: Matter, known: set[int]) -> Carrier | None:
    """The matter with its passage; none where another one carries the line on instead. One that was dropped doesn't."""
    onward = _onward(session, matter, known)
    kept = {kind for kind, ends in onward.items() if not all(map(breaks.dropped, ends))}
    if passages.handed_over(matter, kept):
        return None
    passage = passages.of(session, actor, matter, alone=not onward)
    to = dict.fromkeys(link.to for link in flows.links(matter.flow) if link.when == "in") if passage.open else {}
    parts = [part for flow in to for part in _readable(session, actor, links.children(session, matter, flow))]
    return Carrier(matter, passage, parts)


def _stage(session: Session, actor: Actor, spine: list[Matter], carriers: list[Carrier], code: str) -> Stage:
    each = [_stage_of(session, one, code) for one in carriers]
    worst = min(each, key=lambda stage: _WORST_FIRST.index(stage.standing))
    began = [one for one in spine if passages.starts(one.flow) == code]
    if code == "raised":
        return _raised(session, actor, spine, began, worst)
    return replace(worst, text=began[0].title if began else worst.text, matters=(*began, *worst.matters))


def _raised(session: Session, actor: Actor, spine: list[Matter], began: list[Matter], stage: Stage) -> Stage:
    """Where it all began: every report of it, those that were merged among them."""
    merged = {one.id: _readable(session, actor, links.gathered(session, one, SAME)) for one in began}
    reports = tuple(same for one in began for same in (one, *merged[one.id]))
    first = min((one.opened_at for one in reports), default=spine[0].opened_at)
    return replace(stage, at=first, text=spine[0].title, matters=reports)


def _stage_of(session: Session, carrier: Carrier, code: str) -> Stage:
    matter, passage = carrier.matter, carrier.passage
    parts = [part for part in carrier.parts if passages.starts(part.flow) == code]
    if parts:
        return _of_parts(passage, code, parts)
    standing = passage.standing(code)
    known = passage.open and passage.reached(code)
    told = (telling.told(session, matter, code) if known else None) or Told(_when(matter, passage, code, standing))
    own = (matter,) if code == "acted" and code in passage.stations and not breaks.promises(matter.flow) else ()
    listed = own if passages.starts(matter.flow) != code and standing != "skipped" else ()
    return Stage(code, told.standing or standing, told.at, told.text, listed, told, matter.flow)


def _when(matter: Matter, passage: Passage, code: str, standing: str) -> datetime | None:
    if passages.starts(matter.flow) == code and code != "acted":
        return matter.opened_at
    if code == "acted":
        return (matter.closed_at or passage.left(code)) if standing == "done" else None
    return passage.came(code) if standing == "done" else None


def _of_parts(passage: Passage, code: str, parts: list[Matter]) -> Stage:
    """A station where others act for the matter: done when none of them is open any more."""
    done = passage.past(code) or not any(part.is_open for part in parts)
    begun = passage.here == code or any(part.state != flows.start_of(part.flow).code for part in parts)
    closed = [part.closed_at for part in parts if part.closed_at]
    standing = "done" if done else "current" if begun else "waiting"
    return Stage(code, standing, max(closed) if done and closed else None, "", tuple(parts), flow=parts[0].flow)
