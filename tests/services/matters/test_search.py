"""Searching: the newest hits are the same as all hits, newest first, and more than CAP are cut to the newest."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Matter
from models.place import Place
from services.matters import matters, search
from services.matters.matters import Filter
from services.rights.permissions import Actor
from services.system import clock, db
from tests.databases import template


@template("thousand", on="place")
def _report() -> None:
    """More matters than a list shows, all about the same thing; every seventh is open."""
    now = clock.now()
    with db.writing() as session:
        root = session.exec(select(Place.area_id)).one()
        rows = [
            Matter(
                number=f"CL-2026-{at:06d}",
                flow="issue",
                state="filed" if at % 7 == 0 else "closed",
                is_open=at % 7 == 0,
                title=f"路灯不亮{at}" if at % 2 else "路灯坏了",
                area_id=root,
                opened_at=now,
                opened_month=clock.month_of(now),
                due_at=now,
            )
            for at in range(matters.CAP + 50)
        ]
        session.add_all(rows)
        session.flush()
        search.index(session, rows)


@pytest.fixture
def thousand(session: Session) -> list[int]:
    """The ids of the reported matters, oldest first."""
    return list(session.exec(select(Matter.id).order_by(col(Matter.id))))


@pytest.mark.parametrize("words", ["灯", "路灯", "路灯不亮", "灯 亮", "没有", "，", '"*'])
def test_the_newest_hits_are_all_hits_newest_first(session: Session, thousand: list[int], words: str) -> None:
    every = session.exec(select(Matter.id).where(search.matching(session, words)).order_by(col(Matter.id).desc())).all()
    newest = session.execute(search.newest(session, words, len(thousand))).scalars().all()
    assert list(newest) == list(every)


def test_a_common_word_lists_the_newest_and_counts_to_the_cap(
    session: Session, place: Place, thousand: list[int], actor: Callable[[str], Actor]
) -> None:
    path = session.get_one(Area, place.area_id).path
    wanted = Filter(path=path, text="路灯", sort="number")
    assert matters.count(session, actor("secretary"), wanted) == matters.CAP + 1
    first = matters.page(session, actor("secretary"), wanted, 3)
    assert [row.matter.id for row in first] == thousand[-matters.CAP - 1 :][:3]
    assert matters.count(session, actor("secretary"), wanted.with_(openness="open")) == len(thousand[::7])
    assert matters.count(session, actor("viewer"), wanted) == 0
