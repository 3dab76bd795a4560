"""The order of locks: two who write the same rows in opposite order wait for each other, and neither is broken off."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlmodel import Session, col, select, update

from models.area import Area
from services.system import db


def _touch(session: Session, area_id: int) -> None:
    session.execute(update(Area).where(col(Area.id) == area_id).values(households=col(Area.households)))


@pytest.mark.usefixtures("place")
def test_two_who_write_in_opposite_order_are_both_served(session: Session) -> None:
    one, two = session.exec(select(Area.id).order_by(col(Area.id)).limit(2)).all()
    session.rollback()
    begun = {one: Event(), two: Event()}

    def write(first: int, second: int) -> None:
        with db.writing() as own:
            _touch(own, first)
            begun[first].set()
            begun[second].wait(0.5)  # With one writer at a time it comes later; else both hold what the other wants.
            _touch(own, second)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, one, two), pool.submit(write, two, one)]:
            done.result()


@pytest.mark.usefixtures("place")
def test_writers_of_two_processes_are_served_one_after_the_other(session: Session) -> None:
    """Without a turn in this process: as writers of other processes meet at the database."""
    one, two = session.exec(select(Area.id).order_by(col(Area.id)).limit(2)).all()
    session.rollback()
    begun = {one: Event(), two: Event()}

    def write(first: int, second: int) -> None:
        with Session(db.engine()) as own:
            db.alone(own)
            _touch(own, first)
            begun[first].set()
            begun[second].wait(0.5)
            _touch(own, second)
            own.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, one, two), pool.submit(write, two, one)]:
            done.result()
