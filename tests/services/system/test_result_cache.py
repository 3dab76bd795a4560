"""What is remembered weighs something, and one who asks much loses his own and nobody else's."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session

from models.place import Place
from services.engine import versioned_cache
from services.rights.permissions import Actor
from services.system.memory.result_cache import Memo
from services.system.memory.weights import weight

KILOBYTE = 1024
Asked = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Slotted:
    body: bytes


@dataclass
class Plain:
    inside: list[Slotted] = field(default_factory=list)


class Colour(Enum):
    RED = "x" * 100_000


@pytest.mark.parametrize(
    "value",
    [
        b"x" * 50_000,
        "x" * 50_000,
        [Slotted(b"x" * 50_000)],
        Plain([Slotted(b"x" * 25_000), Slotted(b"y" * 25_000)]),
        {"a": {"b": ("x" * 50_000,)}},
        {"x" * 50_000: 1},
        np.zeros(6_250),
        np.zeros((2, 6_250))[0],
        [{"number": str(number), "title": f"{number:0400}"} for number in range(125)],
    ],
)
def test_a_value_weighs_all_that_hangs_on_it(value: object) -> None:
    assert 50_000 <= weight(value) < 100_000


def test_what_is_shared_weighs_nothing_and_what_is_twice_there_once() -> None:
    body = b"x" * 50_000
    assert weight([body] * 10) < 60_000
    assert weight([Colour.RED, Plain, len, None, True]) < 1_000
    ring: list[object] = []
    ring.append(ring)
    assert weight(ring) < 1_000


def test_a_row_does_not_weigh_the_engine(session: Session, place: Place) -> None:
    assert session.is_active and weight(place) < 20_000


def ask(memo: Memo, key: object, kilobytes: int, asker: object) -> bool:
    """Whether it had to be worked out."""
    worked = []

    def work() -> bytes:
        worked.append(key)
        return bytes(kilobytes * KILOBYTE)

    memo.remembered((key, asker), work, asker)
    return bool(worked)


def test_there_is_never_more_than_there_is_room_for() -> None:
    memo = Memo(room=1_000_000, megabytes=1)
    for key in range(400):
        ask(memo, key, 20, "one")
    assert 0.9 * 1024 * KILOBYTE < memo.bytes <= 1024 * KILOBYTE
    for key in range(2_000):
        ask(memo, ("small", key), 0, "one")
    assert memo.bytes <= 1024 * KILOBYTE
    counted = Memo(room=10, megabytes=1)
    for key in range(400):
        ask(counted, key, 0, "one")
    assert len(counted._held) == 10


def test_who_asks_most_loses_his_own() -> None:
    memo = Memo(room=100_000, megabytes=1)
    for key in range(10):
        ask(memo, key, 20, "staff")
    for key in range(5_000):
        ask(memo, key, 20 + key % 7, "viewer")
    assert not any(ask(memo, key, 20, "staff") for key in range(10))


def test_who_asks_for_many_small_things_loses_his_own() -> None:
    memo = Memo(room=100, megabytes=100)
    for key in range(10):
        ask(memo, key, 20, "staff")
    for key in range(5_000):
        ask(memo, key, 0, "viewer")
    assert not any(ask(memo, key, 20, "staff") for key in range(10))


def test_what_is_heavier_than_the_room_pushes_nobody_out() -> None:
    memo = Memo(room=100, megabytes=1)
    ask(memo, "light", 20, "staff")
    assert ask(memo, "heavy", 2_000, "viewer") and ask(memo, "heavy", 2_000, "viewer")
    assert not ask(memo, "light", 20, "staff")


@given(some.lists(some.tuples(some.integers(0, 30), some.integers(0, 300), some.integers(0, 3)), max_size=80))
def test_whoever_asks_whatever_the_books_stay_true(asked: Asked) -> None:
    memo = Memo(room=20, megabytes=0.5)
    for key, kilobytes, asker in asked:
        ask(memo, key, kilobytes, asker)
        memo.put(key, bytes(kilobytes), asker)
        assert memo.bytes <= 512 * KILOBYTE and len(memo._held) <= 20
        assert {one for theirs in memo._askers.values() for one in theirs} == set(memo._held)
        assert memo.bytes == sum(held.bytes for held in memo._held.values())
    memo.forget()
    assert memo.bytes == 0


def test_an_answer_is_charged_to_the_account(session: Session, place: Place) -> None:
    memo = Memo(room=100, megabytes=1)
    for number in range(200):
        asker = Actor(7, "viewer", "viewer", language="en")
        versioned_cache.kept(session, asker, ("q", number), lambda: bytes(20 * KILOBYTE), memo=memo)
    assert place.id and set(memo._askers) == {7}
