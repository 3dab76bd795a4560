"""Items: never more in use than there is, at no moment, also when two approve at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import Session, col, select

from models.area import Area
from models.item import Item, ItemUse
from models.matter import Matter
from models.organisation import Organisation
from services.flows.issue import issues
from services.keep.verify import verify
from services.parts import items
from services.parts.items import NewItem, NewUse
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from tests.refusing import refused
from tests.services.parts.acting import Acting

NINE = datetime(2026, 12, 1, 9, tzinfo=UTC)


def offered(acting: Acting, capacity: int = 1) -> Item:
    area = acting.session.get_one(Area, acting.place.area_id)
    query = select(Organisation.id).join(Area).where(col(Area.path).startswith(area.path))
    owner = acting.session.exec(query).first()
    assert owner is not None
    entered = NewItem(organisation_id=owner, kind="thing", name="Ladder", capacity=capacity)
    return items.offer(acting.session, acting.actor, entered)


def asked(acting: Acting, item: Item, start: float, hours: float, quantity: int = 1) -> ItemUse:
    begins = NINE + timedelta(hours=start)
    entered = NewUse(item_id=item.id, starts_at=begins, ends_at=begins + timedelta(hours=hours), quantity=quantity)
    acting.do(items.ask, entered)
    return items.uses_of(acting.session, acting.matter)[-1]


def test_a_use_is_asked_approved_and_handed_back(acting: Acting) -> None:
    item = offered(acting)
    first, second = asked(acting, item, 0, 4), asked(acting, item, 3, 2)
    acting.do(items.approve, first.id)
    assert "is taken at that time" in acting.refused(items.approve, second.id).message
    acting.do(items.hand_back, first.id)
    acting.do(items.approve, second.id)
    assert (first.state, second.state, first.returned_at is not None) == ("returned", "approved", True)
    assert [action for action, _ in acting.told(5)] == [
        *("use_asked", "use_asked", "use_approved", "use_returned", "use_approved"),
    ]
    assert acting.last().data["item"] == "Ladder"  # type: ignore[index]
    assert verify(acting.session).found == 0


def test_what_ends_is_free_at_that_moment(acting: Acting) -> None:
    item = offered(acting)
    for start in (0, 2, 4):
        acting.do(items.approve, asked(acting, item, start, 2).id)
    assert items.left(acting.session, item, NINE, NINE + timedelta(hours=9)) == 0


@pytest.mark.parametrize(("hours", "quantity"), [(0, 1), (-1, 1), (1, 0), (1, 3)])
def test_what_can_never_be_given_is_not_even_asked_for(acting: Acting, hours: float, quantity: int) -> None:
    item = offered(acting, 2)
    begins = NINE + timedelta(hours=hours)
    entered = NewUse(item_id=item.id, starts_at=NINE, ends_at=begins, quantity=quantity)
    assert "quantity from 1 to" in acting.refused(items.ask, entered).message
    item.withdrawn_at = NINE
    acting.session.flush()
    assert "no longer offered" in acting.refused(items.ask, entered).message


def test_a_decided_use_is_not_decided_again(acting: Acting, actor: Callable[[str], Actor]) -> None:
    use = asked(acting, offered(acting), 0, 1)
    acting.session.commit()
    refused(acting.session, items.approve, actor("grid_worker"), acting.matter.number, acting.matter.version, use.id)
    acting.do(items.refuse, use.id)
    for function in (items.approve, items.refuse, items.hand_back):
        assert "decided already" in acting.refused(function, use.id).message


SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, 3)), min_size=1, max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=SPANS)
def test_at_no_moment_is_more_in_use_than_there_is(acting: Acting, wanted: list[tuple[int, int, int]]) -> None:
    item = offered(acting, 3)
    for start, hours, quantity in wanted:
        use = asked(acting, item, start, hours, quantity)
        taken = [one for one in _approved(acting.session, item) if _meet(one, use)]
        busiest = max((_at(taken, moment) for moment in _hours(use)), default=0)
        if busiest + quantity > 3:
            with pytest.raises(Refused, match="is taken"):
                acting.do(items.approve, use.id)
        else:
            acting.do(items.approve, use.id)
    everything = _approved(acting.session, item)
    assert all(_at(everything, NINE + timedelta(hours=hour)) <= 3 for hour in range(30))


def _approved(session: Session, item: Item) -> list[ItemUse]:
    return [one for one in session.exec(select(ItemUse).where(ItemUse.item_id == item.id)) if one.state == "approved"]


def _meet(one: ItemUse, other: ItemUse) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _at(uses: list[ItemUse], moment: datetime) -> int:
    return sum(use.quantity for use in uses if use.starts_at <= moment < use.ends_at)


def _hours(use: ItemUse) -> list[datetime]:
    return [
        use.starts_at + timedelta(hours=at) for at in range(int((use.ends_at - use.starts_at).total_seconds()) // 3600)
    ]


def test_two_who_approve_at_once_never_give_the_same_piece(acting: Acting) -> None:
    item = offered(acting)
    uses = []
    for _ in range(6):
        acting.matter = issues.create(
            acting.session, acting.actor, issues.NewIssue(title="Lamp", area_id=acting.place.area_id)
        )
        uses.append(asked(acting, item, 0, 4).id)
    acting.session.commit()
    gate = Barrier(len(uses))

    def approve(use_id: int) -> bool:
        gate.wait()
        try:
            with db.writing() as session:
                matter = session.get_one(Matter, session.get_one(ItemUse, use_id).matter_id)
                items.approve(session, acting.actor, matter.number, matter.version, use_id)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(len(uses)) as pool:
        assert sum(pool.map(approve, uses)) == 1
