"""The casebook as a list: mechanism cards, the records behind each, and published figures beside their recounts."""

from dataclasses import dataclass

from services.exporting.lists.list_columns import Cell, Column, Extract, Value, Words
from services.exporting.lists.list_requests import Question
from services.figures import cards
from services.figures.card_evidence import Evidence
from services.figures.cards import Card, Recount
from services.places import areas, place_packs
from services.system.errors import Refused
from services.words.i18n import listed


@dataclass(frozen=True)
class Entry:
    """A line of the casebook: a card with the records behind it, or one of its published figures."""

    card: Card
    proof: Evidence | None
    recount: Recount | None


def casebook(question: Question) -> Extract:
    """The mechanism cards of the place, the records behind each, and its published figures recounted."""
    place = areas.place_at(question.session, question.here.path)
    if place is None or place.slug not in place_packs.known_packs():
        raise Refused("This place has no cards: it was imported, not loaded from a place pack.")
    rows: list[Entry] = []
    for reading in cards.readings(question.session, question.actor, place):
        rows.append(Entry(reading.card, reading.proof, None))
        rows += [Entry(reading.card, None, recount) for recount in reading.recounts]
    return Extract(
        name="cards",
        title=question.words.say("Mechanism cards"),
        unit=question.unit(),
        scope=place.name,
        asked=(),
        columns=_ENTRY,
        count=len(rows),
        rows=lambda: rows,
    )


def _either(zh: str, en: str, words: Words) -> str:
    return zh if words.language.startswith("zh") else en


def _published(row: Entry, words: Words) -> Cell:
    return _either(row.recount.figure.zh, row.recount.figure.en, words) if row.recount else ""


def _recounted(row: Entry, _words: Words) -> Cell:
    found = row.recount.evidence if row.recount else row.proof
    return found.count if found else None


def _verdict(row: Entry, words: Words) -> Cell:
    return words.term("recount", row.recount.verdict) if row.recount else ""


def _of_figure(part: str) -> Value:
    def said(row: Entry, words: Words) -> Cell:
        figure = row.recount.figure if row.recount else None
        return _either(getattr(figure, f"{part}_zh"), getattr(figure, f"{part}_en"), words) if figure else ""

    return said


_ENTRY = (
    Column("no", listed("Card"), listed("The card's number."), lambda row, _words: row.card.no, "count", 6),
    Column(
        "card",
        listed("Mechanism"),
        listed("What the place says it does."),
        lambda row, words: _either(row.card.zh, row.card.en, words),
        width=24,
    ),
    Column("published", listed("Published"), listed("What was published, in its words."), _published, width=24),
    Column(
        "figure",
        listed("Figure"),
        listed("The published figure with its qualifier and unit."),
        lambda row, words: row.recount.figure.shown(words.language) if row.recount else "",
        width=16,
    ),
    Column(
        "period",
        listed("Period"),
        listed("The time it is about."),
        _of_figure("period"),
        width=14,
    ),
    Column(
        "recount",
        listed("Recount"),
        listed("What the records say now; on the line of a card: the records behind it."),
        _recounted,
        "count",
        10,
    ),
    Column("verdict", listed("Verdict"), listed("Whether the recount bears the figure out."), _verdict, width=14),
    Column(
        "definition",
        listed("Definition"),
        listed("What the figure counts."),
        _of_figure("definition"),
        width=36,
    ),
    Column(
        "source",
        listed("Source"),
        listed("Where it was published."),
        lambda row, _words: row.recount.figure.source if row.recount else "",
        width=24,
        printed=False,
    ),
)
