"""Casebook 案例簿: every published figure of every place a person may see, beside what the records say now.

A published value keeps its qualifier; which count bears it out is a row of data/numerals.csv. A figure that no record
can bear out yet says what is missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.place import Place
from services.figures import cards
from services.figures.card_evidence import Evidence
from services.figures.cards import FAILS, HOLDS, NOT_RECOUNTED, Card, Figure, Recount
from services.places import areas, place_packs
from services.rights.permissions import Actor
from services.words import stated_numbers, vocabulary

VERDICTS = (HOLDS, FAILS, NOT_RECOUNTED)


@dataclass(frozen=True)
class Line:
    """A published figure of a place: the mechanism it belongs to, and its recount. ``ratio`` is empty for most."""

    place: Place
    card: Card
    recount: Recount
    ratios: Mapping[str, str]

    @property
    def figure(self) -> Figure:
        """The figure as it was published."""
        return self.recount.figure

    @property
    def evidence(self) -> Evidence | None:
        """What the records say; none where they can't, or not to this reader."""
        return self.recount.evidence

    @property
    def verdict(self) -> str:
        """One of ``VERDICTS``."""
        return self.recount.verdict

    @property
    def holds(self) -> bool | None:
        """Whether the records bear the figure out; none where it is not recounted."""
        return {HOLDS: True, FAILS: False}.get(self.verdict)

    def missing(self, language: str) -> str:
        """What is missing before it can be recounted; empty where it is."""
        if self.recount.evidence is not None:
            return ""
        if self.figure.evidence:
            return vocabulary.term("missing", "unread", language)
        return vocabulary.term("missing", "record" if self.card.flow_built else self.card.flow, language)


@dataclass(frozen=True)
class Asked:
    """Which figures: of one place by its slug, of one mechanism by its number, of one verdict. Empty asks for all."""

    place: str = ""
    card: str = ""
    verdict: str = ""


def asked(params: Mapping[str, str]) -> Asked:
    """What an address asks for; what it doesn't know asks for nothing."""
    verdict = params.get("verdict", "")
    return Asked(params.get("place", ""), params.get("card", ""), verdict if verdict in VERDICTS else "")


def lines(session: Session, actor: Actor) -> list[Line]:
    """The figures of every place this reader may see, place by place."""
    readings = ((place, cards.readings(session, actor, place)) for place in _visible(session, actor))
    return [line for place, found in readings for line in _lines(place, ((one.card, one.recounts) for one in found))]


def chosen(found: Iterable[Line], wanted: Asked) -> list[Line]:
    """Those of ``found`` that are asked for."""
    return [
        line
        for line in found
        if wanted.place in ("", line.place.slug)
        and wanted.card in ("", str(line.card.no))
        and wanted.verdict in ("", line.verdict)
    ]


def summary(found: Iterable[Line]) -> dict[str, int]:
    """How many figures hold, don't hold, and are not recounted."""
    verdicts = [line.verdict for line in found]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def qualifiers(found: Iterable[Line]) -> list[str]:
    """The qualifiers that occur, in the order of data/numerals.csv."""
    there = {line.figure.qualifier for line in found}
    return [code for code in stated_numbers.qualifiers() if code in there]


def told(session: Session, slug: str = "") -> dict[str, Any]:
    """The whole casebook, of one place or of all that are loaded, ready to be written as JSON."""
    found = [line for place in _loaded(session) if slug in ("", place.slug) for line in _all_of(session, place)]
    return {"summary": summary(found), "figures": [_told(line) for line in found]}


def _visible(session: Session, actor: Actor) -> list[Place]:
    places = (areas.place_at(session, root.path) for root in areas.roots(session, actor))
    return [place for place in places if place and place.slug in place_packs.known_packs()]


def _loaded(session: Session) -> list[Place]:
    places = session.exec(select(Place).order_by(col(Place.id)))
    return [place for place in places if place.slug in place_packs.known_packs()]


def _all_of(session: Session, place: Place) -> Iterator[Line]:
    recounts = cards.recount(session, place)
    by_card = ((card, [one for one in recounts if one.figure.card == card.no]) for card in cards.cards(place.slug))
    return _lines(place, by_card)


def _lines(place: Place, by_card: Iterable[tuple[Card, list[Recount]]]) -> Iterator[Line]:
    for card, recounts in by_card:
        figures = [one.figure for one in recounts]
        for one in recounts:
            ratios = {language: cards.ratio(one.figure, figures, language) for language in vocabulary.LANGUAGES}
            yield Line(place, card, one, ratios)


def _told(line: Line) -> dict[str, Any]:
    figure, card = line.figure, line.card
    return {
        "place": line.place.slug,
        "place_name": line.place.name,
        "sample": line.place.sample,
        "mechanism": card.no,
        "name": card.zh,
        "name_en": card.en,
        "figure": figure.zh,
        "figure_en": figure.en,
        "published": figure.value,
        "qualifier": figure.qualifier,
        "unit": figure.unit_zh,
        "unit_en": figure.unit_en,
        "period": figure.period_zh,
        "definition": figure.definition_zh,
        "source": figure.source,
        "ratio": line.ratios["zh_CN"],
        "live": line.evidence.count if line.evidence else None,
        "holds": line.holds,
        "missing": line.missing("zh_CN"),
        "records": {"page": line.evidence.page, **line.evidence.query} if line.evidence else None,
    }
