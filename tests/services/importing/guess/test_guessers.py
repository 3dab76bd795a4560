"""What is guessed of somebody's file is guessed in a child that may be ended: whatever it holds, the desk goes on."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session

from models.place import Place
from services.importing.guess import column_guesses, guessers, unknown_words
from services.importing.mapping.mapping import Mapping
from services.importing.source.source import Source, open_source
from services.system import db
from services.system.errors import Refused

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
_SIGNS = "路灯下水管道投诉噪声占道经营乱停车"
_WORDS = ("category", "grid", "unit", "status")


@pytest.fixture(autouse=True)
def _fresh(session: Session, place: Place) -> Iterator[None]:
    session.rollback()
    assert place
    guessers.end_all()
    yield
    guessers.end_all()


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Source]:
    """Thousands of different words, each as long as may be, all of the signs that known words are made of."""
    dice, file = Random(7), tmp_path / "hostile.csv"
    rows = (",".join("".join(dice.choices(_SIGNS, k=199)) for _ in _WORDS) for _ in range(3000))
    file.write_text("\n".join([",".join(_WORDS), *rows]), encoding="utf-8")
    with open_source(file) as source:
        yield source


def _asked(source: Source) -> unknown_words.Words:
    told = Mapping(kind="matters", place="chilinglu", columns={code: [code] for code in _WORDS})
    with db.reading() as session:
        return unknown_words.find(session, source, 0, told)


def test_a_file_that_makes_guessing_slow_ends_in_a_sentence_and_the_desk_goes_on(
    hostile: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessers, "SECONDS", 0.1)
    longest, ended = 0.0, threading.Event()

    def beat() -> None:
        nonlocal longest
        while not ended.is_set():
            begun = time.monotonic()
            time.sleep(0.01)
            longest = max(longest, time.monotonic() - begun)

    beating = threading.Thread(target=beat)
    beating.start()
    begun = time.monotonic()
    with pytest.raises(Refused, match="could not be guessed in 0 seconds"):
        _asked(hostile)
    took = time.monotonic() - begun
    ended.set()
    beating.join()
    assert took < 5 and longest < 1


def test_so_does_one_whose_child_is_killed(hostile: Source) -> None:
    def kill() -> None:
        while not (found := _children()):
            time.sleep(0.01)
        os.kill(found[0], signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    with pytest.raises(Refused, match="could not be guessed"):
        _asked(hostile)
    killing.join()
    assert guessers.SECONDS > 1 and _asked(hostile).unknown  # The next one gets a child of its own.


def test_a_child_is_kept_and_replaced_when_it_has_gone(hostile: Source) -> None:
    first = _asked(hostile)
    guessers._IDLE[0]._process.kill()
    assert _asked(hostile) == first
    assert len(guessers._IDLE) == 1


def test_the_columns_are_guessed_there_too_and_nothing_of_ours_goes_along(
    hostile: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def ask(what: str, *_rest: object, **_more: object) -> object:
        asked.append(what)
        raise Refused("no")

    with db.reading() as session:
        assert column_guesses.guess(session, hostile, 0, "matters").kind == "matters"
        around = Path(f"/proc/{_children()[0]}/environ").read_bytes().decode()
        monkeypatch.setattr(guessers, "ask", ask)
        with pytest.raises(Refused, match="no"):
            column_guesses.guess(session, hostile, 0, "matters")
    assert asked == ["columns"] and "MULIN" not in around


def _children() -> list[int]:
    mine = str(os.getpid())
    found = (path for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [int(path.name) for path in found if _is_mine(path, mine)]


def _is_mine(path: Path, mine: str) -> bool:
    try:
        above = (path / "stat").read_text().rpartition(")")[2].split()[1]
        return above == mine and b"guess.program" in (path / "cmdline").read_bytes()
    except OSError:
        return False
