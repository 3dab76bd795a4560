"""Mechanism cards: what a place says it does, the records behind it, and its published figures recounted.

A published figure keeps the qualifier it was published with: exact, a lower bound, or about. Two figures are never
divided here: a sum that includes goods is no base for a share.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

import services.figures.matter_evidence
import services.figures.offer_evidence
import services.figures.register_evidence  # noqa: F401  (its counts are asked for by name)
from models.area import Area
from models.place import Place
from services.engine import versioned_cache
from services.figures.card_evidence import Evidence, gather, may_see, seen
from services.places.place_packs import PLACES, Row, pack, rows
from services.rights import audit
from services.rights.permissions import Actor
from services.words import stated_numbers
from services.words.i18n import listed
from services.words.stated_numbers import Published

NOT_BUILT = listed("The flow behind this mechanism is not built yet: nothing is counted.")
PARTLY_BUILT = listed(
    "The flow behind this mechanism is not built yet: the count shows what other flows already record."
)
HOLDS, FAILS, NOT_RECOUNTED = "holds", "does not hold", "not recounted"


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
    """A published figure with its qualifier, unit, period, definition and the words it was published in.

    ``per`` is the name of the figure it may be divided by, which only its own pack can say; see ``ratio``.
    """

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
    per: str = ""

    def shown(self, language: str) -> str:
        """The figure as it is shown, qualifier included."""
        unit = self.unit_zh if language.startswith("zh") else self.unit_en
        return stated_numbers.written(self.value, self.qualifier, unit, language)


def ratio(figure: Figure, all_of_them: Iterable[Figure], language: str) -> str:
    """The figure for each of what its pack divides it by: 1.47 for each meeting; empty where the pack says nothing."""
    by = next((one for one in all_of_them if figure.per and figure.per in (one.zh, one.en)), None)
    if by is None:
        return ""
    chinese = language.startswith("zh")
    one, other = (
        Published(found.value, found.qualifier, found.unit_zh if chinese else found.unit_en) for found in (figure, by)
    )
    return stated_numbers.per(one, other, language)


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
    words = {name: row[name] for name in Figure.__dataclass_fields__ if name not in ("card", "value", "per")}
    value, words["qualifier"] = _value(row)
    return Figure(card=_whole(row, "card"), value=value, per=row.cells.get("per", ""), **words)


def _value(row: Row) -> tuple[int, str]:
    """The value and its qualifier; without a qualifier, the value is read as it was published."""
    if row["qualifier"]:
        row.one_of("qualifier", stated_numbers.qualifiers())
        return _whole(row, "value"), row["qualifier"]
    found = stated_numbers.read(row["value"])
    return found.value, found.qualifier


def _whole(row: Row, column: str) -> int:
    value = row.count(column)
    if value is None:
        raise row.not_a_number(column)
    return value


def bears_out(figure: Figure, count: int) -> bool:
    """Whether ``count`` bears the figure out, as its qualifier says."""
    return stated_numbers.bears_out(figure.value, figure.qualifier, count)


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
    """The cards of a place for this reader; counted anew when something has happened.

    A register that is changed writes no event, but a line of the audit.
    """
    question = ("cards", place.slug, audit.newest(session))
    return versioned_cache.kept(session, actor, question, lambda: _readings(session, actor, place))


def _readings(session: Session, actor: Actor, place: Place) -> list[Reading]:
    root = session.get_one(Area, place.area_id)
    recounts = [
        one if may_see(actor, root, one.figure.evidence) else replace(one, evidence=None)
        for one in recount(session, place)
    ]
    return [
        Reading(
            card,
            seen(session, actor, root, card.evidence) if card.evidence else None,
            [one for one in recounts if one.figure.card == card.no],
        )
        for card in cards(place.slug)
    ]
