"""The casebook: every place's figures recounted, each leading to exactly what was counted."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services.figures import card_evidence, cards, casebook, records_behind
from services.figures.card_evidence import LARGEST, RECORDS, SUM, Evidence
from services.matters import list_addresses, list_pages, matters
from services.places import areas, place_packs, places
from services.rights import audit
from services.rights.permissions import Actor
from services.system.errors import NotFound
from services.words import stated_numbers, vocabulary

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ASKED = {"place", "mechanism", "name", "figure", "published", "qualifier", "unit", "live", "holds"}
CARDS = place_packs.PLACES.glob("*/cards.csv")


@pytest.fixture
def everywhere(demo: str, session: Session) -> Iterator[Session]:
    """All packs, one with its sample records."""
    assert demo
    for slug in place_packs.known_packs():
        places.load_place(session, slug)
    yield session


@ON_SQLITE
def test_each_figure_leads_to_exactly_what_it_counts(everywhere: Session) -> None:
    found = [_led(everywhere, place, asked) for place in everywhere.exec(select(Place)) for asked in _asked(place.slug)]
    assert len(found) > 80 and sum(count > 0 for count in found) > 60


def _asked(slug: str) -> set[str]:
    found = [card.evidence for card in cards.cards(slug)] + [figure.evidence for figure in cards.figures(slug)]
    return set(filter(None, found))


def _led(session: Session, place: Place, expression: str) -> int:
    """Follow the link of a figure as its page does, and hold the rows there against the figure."""
    root = session.get_one(Area, place.area_id)
    reader = Actor(None, "s", "secretary", root.path, root.id)
    found = card_evidence.gather(session, root, expression)
    if found.page == RECORDS:
        behind = records_behind.behind(session, reader, found.query["of"], found.query["area"])
        amounts = [line.amount or 0 for line in behind.lines]
        shown = {SUM: sum(amounts), LARGEST: max(amounts, default=0)}.get(behind.found.measure, len(amounts))
    else:
        shown = _listed(session, reader, found)
    assert shown == found.count, expression
    return found.count


def _listed(session: Session, reader: Actor, found: Evidence) -> int:
    here = areas.scope(session, reader, found.query["area"])
    wanted = list_addresses.read(found.query, here.path, list_pages.flow_at(found.page))
    return matters.listing(session, reader, wanted, 1, 0)[0]


@ON_SQLITE
def test_the_casebook_is_one_list_over_all_places(everywhere: Session) -> None:
    book = casebook.told(everywhere)
    assert {one["place"] for one in book["figures"]} == {
        slug for slug in place_packs.known_packs() if cards.figures(slug)
    }
    assert all(set(one) >= ASKED for one in book["figures"])
    assert sum(book["summary"].values()) == len(book["figures"]) > 90
    for one in book["figures"]:
        assert (one["holds"] is None) == (one["live"] is None) == bool(one["missing"]), one
        assert isinstance(one["published"], int) and one["qualifier"] in stated_numbers.qualifiers()
    text = json.dumps(book, ensure_ascii=False)
    assert "%" not in text and "0.78" not in text, "Two sums are never divided."
    assert casebook.told(everywhere, "donghu")["figures"] == [
        one for one in book["figures"] if one["place"] == "donghu"
    ]


@ON_SQLITE
def test_a_figure_follows_its_records(session: Session, actor: Callable[[str], Actor]) -> None:
    def estates() -> casebook.Line:
        return next(one for one in casebook.lines(session, actor("viewer")) if one.figure.evidence.endswith("=estate"))

    before = estates()
    assert before.holds and before.evidence and before.evidence.count == before.figure.value
    parent = session.exec(select(Area).where(Area.code == "CL-E1")).one().parent_id
    path = session.get_one(Area, parent or 0).path
    session.add(Area(code="CL-E99", name="E", level="estate", path=f"{path}CL-E99/", parent_id=parent))
    session.flush()
    after = estates()
    assert after.holds is False and after.evidence and after.evidence.count == before.figure.value + 1
    assert casebook.chosen(casebook.lines(session, actor("viewer")), casebook.Asked(verdict=cards.FAILS))


@ON_SQLITE
def test_a_register_changed_by_hand_counts_at_once(session: Session, actor: Callable[[str], Actor]) -> None:
    def kinds() -> bool | None:
        return next(one for one in casebook.lines(session, actor("staff")) if one.card.no == 1).holds

    assert kinds() is True
    for body in session.exec(select(Organisation).where(Organisation.kind == "charity")):
        body.kind = "volunteer"
    audit.write(session, "test", "places.load", "x")
    assert kinds() is False


@ON_SQLITE
def test_records_that_no_figure_counts_are_not_shown(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    code = session.get_one(Area, place.area_id).code
    assert records_behind.behind(session, actor("viewer"), "areas?level=estate", code).count == 6
    for reader, asked in (
        ("viewer", "deliberations?forum=CL-F-HSL"),
        ("secretary", "offices?kind=deputy"),
        ("admin", ""),
    ):
        with pytest.raises(NotFound):
            records_behind.behind(session, actor(reader), asked, code)


def test_each_qualifier_says_how_it_is_judged() -> None:
    for code in stated_numbers.qualifiers():
        said = {stated_numbers.rule(code, language) for language in vocabulary.LANGUAGES}
        assert len(said) == 2 and not any("{" in one for one in said), code


@pytest.mark.parametrize("path", list(CARDS), ids=lambda path: path.parent.name)
def test_what_is_missing_is_said_in_words(path: Path) -> None:
    told = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    unbuilt = {row["flow"] for row in told if not row["flow_built"]}
    assert unbuilt <= set(vocabulary.codes("missing"))
