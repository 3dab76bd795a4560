"""Duplicates 查重: what a new report is probably about already, with why; and the word that two are not the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, or_, select

from models.area import Area
from models.matter import Link, Matter
from services.engine import events, flows, workflow
from services.flows.issue import category_model, issues, merges, similarity, suggestions
from services.flows.issue.category_model import Suggestion, boilerplate, pairs
from services.flows.issue.issues import NewIssue
from services.flows.issue.similarity import Report, Why, Yardstick
from services.matters import matters, search
from services.places import areas
from services.places.distances import box
from services.rights.matter_rights import among, may_with
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.rules.rules import rule
from services.system import clock
from services.system.errors import Refused

SHOWN = 5
NOT_THE_SAME = "not_duplicate"
# The newest of each area around and the newest that hold its rarest words: what is read to find the likeliest.
_BY_AREA, _BY_WORDS, _AREAS, _RARE = 40, 100, 6, 14
_OLDEST = timedelta(days=400)
_READ = (
    *("id", "title", "location", "description", "category", "lng", "lat", "opened_at"),
    *("flow", "state", "is_open", "closed_at"),
)
_GUESSED, _WORTH_A_GUESS = 0.3, 0.1


@dataclass(frozen=True)
class Likely:
    """An issue that is probably about the same thing, and why."""

    matter: Matter
    area: str
    why: Why


def of_entry(session: Session, actor: Actor, entered: NewIssue) -> list[Likely]:
    """What is being entered, before it is handed in: the likeliest duplicates, best first, at most ``SHOWN``."""
    area = _area(session, entered)
    if area is None or not entered.title.strip():
        return []
    words = similarity.told(entered.title, entered.location, entered.description)
    code, sure = _kind(session, entered.category, words)
    report = Report(None, words, code, area.path, area.level, entered.lng, entered.lat, clock.now(), sure)
    return _likeliest(session, actor, report, area, frozenset())


def of_matter(session: Session, actor: Actor, matter: Matter) -> list[Likely]:
    """An issue that is there: its likeliest duplicates, without those it was told apart from."""
    area = session.get_one(Area, matter.area_id)
    words = similarity.told(matter.title, matter.location, matter.description)
    code, sure = _kind(session, matter.category, words)
    place = area.path, area.level, matter.lng, matter.lat
    report = Report(matter.id, words, code, *place, matter.opened_at, sure)
    return _likeliest(session, actor, report, area, _known(session, matter))


def _kind(session: Session, category: str | None, words: str) -> tuple[str | None, float]:
    """The category somebody chose, or what the words suggest, with how sure that is."""
    if category is not None:
        return category, 1.0
    return _guessed(suggestions.suggest(session, words).likeliest)


def _guessed(found: Sequence[Suggestion]) -> tuple[str | None, float]:
    return (found[0].code, found[0].share) if found and found[0].share >= _GUESSED else (None, 0.0)


def distinguish(session: Session, actor: Actor, number: str, version: int, other: str) -> Matter:
    """Remember that two issues are not the same, so that neither is proposed to the other again."""
    matter = workflow.claim(session, actor, number, version, "issue.distinguish")
    apart = workflow.load(session, actor, other)
    if apart.id == matter.id or apart.flow != matter.flow:
        raise Refused("Choose another issue to tell this one apart from.")
    if apart.id not in _known(session, matter):
        session.add(Link(source_id=matter.id, target_id=apart.id, kind=NOT_THE_SAME))
        events.append(session, matter, actor, "distinct", data={"number": apart.number})
        session.flush()
    return matter


def hand_in(session: Session, actor: Actor, entered: NewIssue, apart: Sequence[str] = ()) -> Matter:
    """Raise an issue, and remember of which others it was said that they are not the same."""
    matter = issues.create(session, actor, entered)
    for number in apart:
        distinguish(session, actor, matter.number, matter.version, number)
    return matter


def hand_in_same(session: Session, actor: Actor, entered: NewIssue, number: str) -> Matter:
    """What is entered is the same as an issue that is there, which is returned.

    Who may merge raises it and merges it at once, so that it counts; another leaves it as a note on that issue.
    """
    stays = workflow.load(session, actor, number)
    if may_with(session, actor, "issue.merge", stays):
        made = issues.create(session, actor, entered)
        workflow.move(session, actor, made.number, "merge", made.version, {"duplicate_of": number})
    else:
        words = "\n".join(filter(None, (entered.title, entered.location, entered.description)))
        issues.note(session, actor, number, stays.version, words[:2000])
    return stays


def _known(session: Session, matter: Matter) -> frozenset[int]:
    kinds = col(Link.kind).in_([NOT_THE_SAME, merges.KIND])
    ends = or_(Link.source_id == matter.id, Link.target_id == matter.id)
    query = select(Link.source_id, Link.target_id).where(kinds, ends)
    return frozenset(end for pair in session.exec(query) for end in pair) | {matter.id}


def _area(session: Session, entered: NewIssue) -> Area | None:
    found = areas.at_point(session, entered.lng, entered.lat) if entered.lng and entered.lat else None
    return found or session.get(Area, entered.area_id or 0)


def _likeliest(session: Session, actor: Actor, report: Report, area: Area, known: frozenset[int]) -> list[Likely]:
    own = rarest_first(session, report.words)
    called = frozenset(pair for one in areas.ancestors(session, area.path) for pair in pairs(one.name))
    yardstick, found = Yardstick(report, dict(own), called), {}
    likely = rule("duplicate.likely").value
    for row in _around(session, report, area, [pair for pair, _ in own]):
        why = _held_against(yardstick, row) if row.id not in known else None
        if why is not None and why.score >= likely:
            found[row.id] = why
    best = sorted(among(session, actor, found), key=lambda one: (-found[one].score, -one))[:SHOWN]
    rows = {row.matter.id: row for row in matters.rows(session, best)}
    return [Likely(rows[one].matter, rows[one].area, found[one]) for one in best]


def _held_against(yardstick: Yardstick, row: Row[Any]) -> Why | None:
    words = similarity.told(row.title, row.location, row.description)
    other = Report(row.id, words, row.category, row.path, row.level, row.lng, row.lat, row.opened_at)
    why = yardstick.against(other)
    if why is None or row.category is not None or why.score < _WORTH_A_GUESS:
        return why
    code, sure = _guessed(category_model.suggest(words, {}, tuple(categories())))
    return yardstick.against(replace(other, category=code, sure=sure))


def rarest_first(session: Session, words: str) -> list[tuple[str, float]]:
    """The pairs of a text with the share of the ledger that holds them, the rarest first; none that nothing holds."""
    found = [pair for pair in pairs(words) if pair not in boilerplate()]
    shares = search.shares(session, found)
    return sorted(shares.items(), key=lambda one: one[1])


def _around(session: Session, report: Report, area: Area, rare: list[str]) -> Sequence[Row[Any]]:
    """The newest issues around, and those that hold the rarest words; open, or closed a short while before."""
    ids = set(search.holding_any(session, rare[:_RARE], _BY_WORDS))
    for area_id in _near(session, report, area):
        here = select(Matter.id).where(Matter.area_id == area_id, col(Matter.opened_at) >= report.at - _OLDEST)
        ids |= set(session.exec(here.order_by(col(Matter.opened_at).desc()).limit(_BY_AREA)))
    columns = [*(getattr(Matter, name) for name in _READ), Area.path, Area.level]
    # Only the ids are asked for: with more conditions the planner may read everything that meets those instead.
    query = select(*columns).join(Area, col(Area.id) == Matter.area_id).where(col(Matter.id).in_(ids))
    since = report.at - timedelta(days=rule("duplicate.closed").value)
    return [row for row in session.execute(query) if _comparable(row, since)]


def _comparable(row: Row[Any], since: datetime) -> bool:
    if row.flow != "issue" or flows.state(row.flow, row.state).kind == "dropped":
        return False
    return bool(row.is_open) or (row.closed_at is not None and row.closed_at >= since)


def _near(session: Session, report: Report, area: Area) -> list[int]:
    if report.lng is None or report.lat is None:
        return list(dict.fromkeys([area.id, *([area.parent_id] if area.parent_id else [])]))
    bounds = box(report.lng, report.lat, similarity.radius(report.category))
    return list(dict.fromkeys([area.id, *areas.crossing(session, bounds)]))[:_AREAS]
