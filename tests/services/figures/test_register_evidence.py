"""What stands in the registers of a place is counted without any matter, on both databases."""

import pytest
from sqlmodel import Session

from services.demo.pack import offered
from services.figures import cards
from services.places.places import load_place

# What holds before the first meeting is on record.
STANDING = {
    "chilinglu": {5, 3, 6, 4},
    "donghu": {234, 500, 4, 3, 8, 538, 40, 70},
    "shilian": {30, 11, 3, 5},
    "ziyang": {5, 83, 3, 35, 8, 19, 10, 6, 29, 4, 1168, 71},
    "zhouxin": {11, 3, 7},
}


@pytest.mark.parametrize("slug", offered())
def test_the_figures_of_the_registers_hold_once_the_place_is_loaded(session: Session, slug: str) -> None:
    place = load_place(session, slug)
    held = {one.figure.value for one in cards.recount(session, place) if one.verdict == cards.HOLDS}
    assert held == STANDING[slug]
    assert all(cards.proof(session, place, card) is not None for card in cards.cards(slug) if card.evidence)
