"""Mechanism cards: what a place says it does, the records behind it, and its published figures recounted.

A published figure keeps the qualifier it was published with: exact, a lower bound, or about. Two figures are never
divided here: a sum that includes goods is no base for a share.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.area import Area
from models.place import Place
from services import datafiles, keeping
from services.evidence import Evidence, gather, may_see
from services.i18n import listed
from services.packs import PLACES, Row, pack, rows
from services.permissions import Actor

NOT_BUILT = listed("The flow behind this mechanism is not built yet: nothing is counted.")
PARTLY_BUILT = listed(
    "The flow behind this mechanism is not built yet: the count shows what other flows already record."
)
HOLDS, FAILS, NOT_RECOUNTED = "holds", "does not hold", "not recounted"
_NEAR = 0.05


@dataclass(frozen=True)
class Card:
    """A mechanism: its name, what it means, how it is counted, the flow it runs on and whether that is built."""

    no: int
    code: str
    zh: str
    en: str
    gloss_zh: str
    gloss_en: str
    formula_zh: str
    formula_en: str
    flow: str
    evidence: str
    flow_built: bool

    @property
    def note(self) -> str:
        """The message that says what is missing; empty when the flow is built."""
        if self.flow_built:
            return ""
        return PARTLY_BUILT if self.evidence else NOT_BUILT


@dataclass(frozen=True)
class Figure:
    """A published figure with its qualifier, unit, period, definition and the words it was published in."""

    card: int
    zh: str
    en: str
    value: int
    qualifier: str
    unit_zh: str
    unit_en: str
    period_zh: str
    period_en: str
    definition_zh: str
    definition_en: str
    source: str
    evidence: str

    def shown(self, language: str) -> str:
        """The figure as it is shown, qualifier included."""
        return published(self.value, self.qualifier, self.unit_zh if _chinese(language) else self.unit_en, language)


@dataclass(frozen=True)
class Recount:
    """A figure beside what the records say; ``verdict`` is holds, does not hold, or not recounted."""

    figure: Figure
    evidence: Evidence | None

    @property
    def verdict(self) -> str:
        """Whether the recount bears the figure out, honouring its qualifier."""
        if self.evidence is None:
            return NOT_RECOUNTED
        return HOLDS if bears_out(self.figure, self.evidence.count) else FAILS


@lru_cache
def cards(slug: str, folder: Path = PLACES) -> tuple[Card, ...]:
    """The cards of a pack, in their order."""
    return tuple(_card(row) for row in rows(pack(slug, folder), "cards.csv"))


def _card(row: Row) -> Card:
    words = {name: row[name] for name in Card.__dataclass_fields__ if name not in ("no", "flow_built")}
    return Card(no=_whole(row, "no"), flow_built=row["flow_built"] == "1", **words)


@lru_cache
def figures(slug: str, folder: Path = PLACES) -> tuple[Figure, ...]:
    """The published figures of a pack, in the order of its cards."""
    return tuple(_figure(row) for row in rows(pack(slug, folder), "figures.csv"))


def _figure(row: Row) -> Figure:
    row.one_of("qualifier", {found["code"] for found in _numerals("qualifier")})
    words = {name: row[name] for name in Figure.__dataclass_fields__ if name not in ("card", "value")}
    return Figure(card=_whole(row, "card"), value=_whole(row, "value"), **words)


def _whole(row: Row, column: str) -> int:
    value = row.count(column)
    if value is None:
        raise row.not_a_number(column)
    return value


@lru_cache
def _numerals(kind: str) -> list[dict[str, str]]:
    return [row for row in datafiles.rows("numerals.csv") if row["kind"] == kind]


def _chinese(language: str) -> bool:
    return language.startswith("zh")


def _manner(value: int, qualifier: str) -> dict[str, str]:
    fitting = [row for row in _numerals("qualifier") if row["code"] == qualifier and int(row["from"]) <= value]
    return fitting[-1]


def published(value: int, qualifier: str, unit: str, language: str) -> str:
    """``value`` with its qualifier and unit, as a reader of ``language`` writes it: over 510,000 yuan."""
    chinese = _chinese(language)
    number = _scaled(value) if chinese else f"{value:,}"
    return _manner(value, qualifier)["zh" if chinese else "en"].format(number=number, unit=unit)


def _scaled(value: int) -> str:
    # Chinese groups by ten thousands, but only where no digit beyond one decimal is lost.
    for row in reversed(_numerals("scale")):
        scale = int(row["from"])
        if value >= scale and value * 10 % scale == 0:
            return f"{value / scale:g}{row['zh']}"
    return str(value)


def bears_out(figure: Figure, count: int) -> bool:
    """Whether ``count`` bears the figure out: equal, at least (a lower bound), or within 5 % (about)."""
    compare = _manner(figure.value, figure.qualifier)["compare"]
    if compare == "equal":
        return count == figure.value
    if compare == "at_least":
        return count >= figure.value
    return abs(count - figure.value) <= _NEAR * figure.value


def recount(session: Session, place: Place) -> list[Recount]:
    """Each published figure of the place beside what its records say now."""
    root = session.get_one(Area, place.area_id)
    return [
        Recount(figure, gather(session, root, figure.evidence) if figure.evidence else None)
        for figure in figures(place.slug)
    ]


def proof(session: Session, place: Place, card: Card) -> Evidence | None:
    """The records behind a card; none when nothing can be counted yet."""
    root = session.get_one(Area, place.area_id)
    return gather(session, root, card.evidence) if card.evidence else None


@dataclass(frozen=True)
class Reading:
    """A card as one reader may see it: with the records behind it, and its figures beside their recounts."""

    card: Card
    proof: Evidence | None
    recounts: list[Recount]


def readings(session: Session, actor: Actor, place: Place) -> list[Reading]:
    """The cards of a place for this reader; counted anew when something has happened."""
    return keeping.kept(session, actor, ("cards", place.slug), lambda: _readings(session, actor, place))


def _readings(session: Session, actor: Actor, place: Place) -> list[Reading]:
    recounts = [
        one if may_see(actor, one.figure.evidence) else replace(one, evidence=None) for one in recount(session, place)
    ]
    return [
        Reading(
            card,
            proof(session, place, card) if may_see(actor, card.evidence) else None,
            [one for one in recounts if one.figure.card == card.no],
        )
        for card in cards(place.slug)
    ]


def casebook(session: Session, place: Place) -> dict[str, Any]:
    """Every card with its records and its figures recounted, ready to be written as JSON."""
    told, recounts = pack(place.slug), recount(session, place)
    entries = [_entry(session, place, card, recounts) for card in cards(place.slug)]
    return {
        "place": {"slug": place.slug, "name": place.name, "sample": place.sample},
        "notice": dict(told.notice),
        "provenance": dict(told.provenance),
        "summary": _summary(recounts),
        "cards": entries,
    }


def _summary(recounts: Iterable[Recount]) -> dict[str, int]:
    verdicts = [one.verdict for one in recounts]
    return {verdict: verdicts.count(verdict) for verdict in (HOLDS, FAILS, NOT_RECOUNTED)}


def _entry(session: Session, place: Place, card: Card, recounts: Iterable[Recount]) -> dict[str, Any]:
    found = proof(session, place, card)
    told = [_told(one) for one in recounts if one.figure.card == card.no]
    return asdict(card) | {"note": card.note, "evidence": found and asdict(found), "figures": told}


def _told(one: Recount) -> dict[str, Any]:
    shown = {f"published_{language[:2]}": one.figure.shown(language) for language in ("zh_CN", "en")}
    found = asdict(one.evidence) if one.evidence else None
    return asdict(one.figure) | shown | {"verdict": one.verdict, "evidence": found}
