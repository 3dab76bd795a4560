"""Parties: called, signed, come, answered, rated both ways, left; who is one, and who is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from models.place import Office
from services.keep.verify import verify
from services.parts import parties
from services.parts.parties import NewParty
from services.rights import matter_rights
from services.rights.permissions import Actor
from services.system import clock
from tests.refusing import refused
from tests.services.parts.acting import Acting


def invited(acting: Acting, **who: Any) -> Party:
    entered = NewParty(**{"part": "invited", "organisation": acting.code(Organisation), **who})
    acting.do(parties.invite, entered)
    return parties.parties_of(acting.session, acting.matter)[-1]


def test_a_party_goes_the_whole_way_and_the_chain_tells_it(acting: Acting) -> None:
    party = invited(acting)
    who = {"organisation": acting.code(Organisation), "part": "invited"}
    acting.do(parties.sign, party.id)
    acting.do(parties.attend, party.id, True)
    acting.do(parties.answer, party.id, "We bring a crane on Friday.")
    acting.do(parties.rate, party.id, "satisfied")
    acting.do(parties.rate_back, party.id, "basically")
    assert acting.told(6) == [
        ("party_invited", who),
        ("party_signed", who),
        ("party_attended", {**who, "attended": True}),
        ("party_answered", {**who, "text": "We bring a crane on Friday."}),
        ("party_rated", {**who, "rating_received": "satisfied"}),
        ("party_rated", {**who, "rating_given": "basically"}),
    ]
    assert (party.attended, party.rating_received, party.rating_given) == (True, "satisfied", "basically")
    assert party.signed_at and party.answered_at and party.left_at is None
    assert verify(acting.session).found == 0


def test_open_are_those_who_neither_answered_nor_left(acting: Acting) -> None:
    first, second = invited(acting), invited(acting, organisation=acting.code(Organisation, 1))
    third = invited(acting, organisation=None, category="owners", part="supporter")
    acting.do(parties.answer, first.id, "Done.")
    acting.do(parties.decline, second.id, "Not our road.")
    assert parties.still_open(acting.session, acting.matter) == [third]
    assert parties.parties_of(acting.session, acting.matter, "supporter") == [third]
    assert (second.reason, second.left_at is not None) == ("Not our road.", True)
    assert "no part" in acting.refused(parties.sign, second.id).message


@pytest.mark.parametrize(
    "who",
    [
        {"organisation": None},
        {"organisation": "nobody"},
        {"category": "owners"},
        {"organisation": None, "category": "martians"},
        {"part": "king"},
        {"organisation": None, "office": "nobody"},
    ],
)
def test_a_party_is_exactly_one_known_body(acting: Acting, who: dict[str, Any]) -> None:
    entered = NewParty(**{"part": "invited", "organisation": acting.code(Organisation), **who})
    assert acting.refused(parties.invite, entered).message.startswith("Choose")


def test_nobody_is_called_twice_in_the_same_part(acting: Acting) -> None:
    office = acting.code(Office)
    invited(acting, organisation=None, office=office)
    again = NewParty(office=office, part="invited")
    assert "already" in acting.refused(parties.invite, again).message
    assert invited(acting, organisation=None, office=office, part="convenor").part == "convenor"
    twin = Party(matter_id=acting.matter.id, category=None, part="invited", invited_at=clock.now())
    acting.session.add(twin)
    with pytest.raises(IntegrityError):
        acting.session.flush()


def test_an_old_version_a_wrong_rating_and_a_viewer_change_nothing(
    acting: Acting, actor: Callable[[str], Actor]
) -> None:
    party = invited(acting)
    assert "after you opened it" in acting.stale(parties.sign, party.id)
    assert acting.refused(parties.rate, party.id, "unknown").message.startswith("Choose how satisfied")
    assert acting.refused(parties.answer, party.id, " ").message.startswith("Enter")
    assert acting.refused(parties.decline, party.id, "x" * 501).message.startswith("The text is")
    args = (acting.matter.number, acting.matter.version, party.id)
    refused(acting.session, parties.sign, actor("viewer"), *args)


def clerk(acting: Acting, unit: Organisation) -> Actor:
    home = acting.actor
    return Actor(None, "clerk", "unit_clerk", home.area_path, home.area_id, "en", unit.id, unit.path)


def test_a_unit_sees_what_it_takes_part_in_or_answers_for(acting: Acting) -> None:
    unit, other = _two_units(acting)
    party = invited(acting, organisation=unit.code)

    def seen(unit: Organisation) -> list[str]:
        mine = matter_rights.open_to(clerk(acting, unit))
        return list(acting.session.exec(select(Matter.number).where(*mine)))

    assert (seen(unit), seen(other)) == ([acting.matter.number], [])
    acting.matter.unit_id = other.id
    assert seen(other) == [acting.matter.number]
    acting.do(parties.decline, party.id, "Not ours.")
    assert seen(unit) == []


def test_a_unit_signs_and_answers_for_itself_alone(acting: Acting) -> None:
    unit, other = _two_units(acting)
    own, strange = (invited(acting, organisation=one.code) for one in (unit, other))
    secretary, acting.actor = acting.actor, clerk(acting, unit)
    acting.do(parties.sign, own.id)
    acting.do(parties.answer, own.id, "We come.")
    acting.do(parties.rate_back, own.id, "satisfied")
    for function, *args in (
        (parties.sign,),
        (parties.answer, "x"),
        (parties.rate_back, "satisfied"),
        (parties.decline, "x"),
    ):
        assert "may not do this" in acting.refused(function, strange.id, *args).message
    assert "may not do this" in acting.refused(parties.attend, own.id, True).message
    acting.actor = secretary
    assert [one.id for one in parties.still_open(acting.session, acting.matter)] == [strange.id]


def _two_units(acting: Acting) -> tuple[Organisation, Organisation]:
    found = list(acting.session.exec(select(Organisation).order_by(col(Organisation.path))))
    pairs = ((one, two) for one in found for two in found if not (one.path in two.path or two.path in one.path))
    return next(pairs)
