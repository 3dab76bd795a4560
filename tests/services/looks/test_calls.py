"""Who was called, who came, who delivered: the calls of all matters in view, counted by unit."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session

import services.registry  # noqa: F401
from models.place import Place
from services.looks import calls
from services.looks.calls import Tally
from services.matters.matters import Filter
from services.parts import parties
from services.rights.permissions import Actor
from tests.services.flows.whistle.test_whistle import Whistling

Actors = Callable[[str], Actor]


@pytest.fixture
def whistles(session: Session, place: Place, actor: Actors) -> list[Whistling]:
    """One that was delivered, one to which one unit signed and another declined, one that nobody was called to."""
    delivered, waiting, fresh = (Whistling(session, place, actor) for _ in range(3))
    delivered.whistle()
    for at in range(3):
        delivered.do(parties.sign, delivered.clerk(delivered.units[at]), delivered.party(at).id)
    delivered.meet()
    delivered.move(delivered.staff, "resolve")
    delivered.deliver()
    waiting.whistle()
    waiting.do(parties.sign, waiting.clerk(waiting.units[0]), waiting.party(0).id)
    waiting.do(parties.decline, waiting.clerk(waiting.units[1]), waiting.party(1).id, "Not in our remit")
    return [delivered, waiting, fresh]


def tallies(whistles: list[Whistling], reader: Actor, state: str = "") -> dict[str, Tally]:
    first = whistles[0]
    wanted = Filter(path=first.root.path, flow="whistle", state=state)
    return {one.code: one for one in calls.tallies(first.session, reader, wanted)}


def test_calls_are_counted_by_unit(whistles: list[Whistling], actor: Actors) -> None:
    found = tallies(whistles, actor("staff"))
    first, second, third = (found[unit.code] for unit in whistles[0].units)
    assert (first.calls, first.signed, first.left, first.silent) == (2, 2, 0, 0)
    assert (second.calls, second.signed, second.left, second.silent) == (2, 1, 1, 0)
    assert (third.calls, third.signed, third.left, third.silent) == (2, 1, 0, 1)
    assert (first.came, first.absent, third.came, third.absent) == (1, 0, 0, 0)
    assert (first.promised, first.kept) == (1, 1) and (second.promised, second.kept) == (0, 0)


def test_a_filter_and_the_area_of_the_reader_bound_what_is_counted(whistles: list[Whistling], actor: Actors) -> None:
    only = tallies(whistles, actor("staff"), state="whistled")
    assert {one.calls for one in only.values()} == {1}
    assert not tallies(whistles, replace(actor("staff"), area_path=f"{whistles[0].root.path}elsewhere/"))
