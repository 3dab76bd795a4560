"""Turns: whoever asks first writes first, among the threads of a process and among processes; nobody is passed over."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from services.system.turns import Turn

_OTHER = """
import sys, time
from pathlib import Path
from services.system.turns import Turn
turn = Turn(Path(sys.argv[1]))
ends = time.monotonic() + float(sys.argv[2])
while time.monotonic() < ends:
    began = time.monotonic()
    turn.take(10)
    print(time.monotonic() - began, flush=True)
    time.sleep(0.01)
    turn.give()
"""


def _wait_for(turn: Turn, count: int) -> None:
    """Until so many stand in line, with the one who writes."""
    ends = time.monotonic() + 5
    while len(turn._waiting) != count:
        assert time.monotonic() < ends
        time.sleep(0.001)


def test_whoever_asks_first_writes_first() -> None:
    turn, order = Turn(), list[int]()

    def write(number: int) -> None:
        turn.take(10)
        order.append(number)
        turn.give()

    turn.take(1)
    threads = []
    for number in range(20):
        threads.append(Thread(target=write, args=(number,)))
        threads[-1].start()
        _wait_for(turn, number + 2)
    turn.give()
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_gives_up_is_passed_over_and_the_next_is_served() -> None:
    turn, held = Turn(), Event()

    def write() -> None:
        turn.take(10)
        turn.give()
        held.set()

    turn.take(1)
    with ThreadPoolExecutor(2) as pool:
        hurried = pool.submit(turn.take, 1.0)
        _wait_for(turn, 2)
        patient = pool.submit(write)
        with pytest.raises(TimeoutError):
            hurried.result()
        turn.give()
        patient.result()
    assert held.is_set() and not turn._waiting


def test_a_thread_that_writes_already_is_told_so_at_once() -> None:
    turn = Turn()
    turn.take(1)
    with pytest.raises(RuntimeError, match="writing already"):
        turn.take(10)
    turn.give()


def test_processes_take_turns(tmp_path: Path) -> None:
    file = tmp_path / "mulin.db-turn"
    command = [sys.executable, "-c", _OTHER, str(file), "1.5"]
    others = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    waits = [[float(line) for line in other.communicate()[0].splitlines()] for other in others]
    # Each writes for 10 ms and asks again at once: without turns one of them has it for long, and the others starve.
    assert all(len(own) > 10 for own in waits) and max(map(max, waits)) < 0.5
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_process_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    file = tmp_path / "mulin.db-turn"
    holds = "import sys, time; from pathlib import Path; from services.system.turns import Turn\n"
    holds += "Turn(Path(sys.argv[1])).take(1); print('held', flush=True); time.sleep(60)"
    other = subprocess.Popen([sys.executable, "-c", holds, str(file)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    turn = Turn(file)
    with pytest.raises(TimeoutError):
        turn.take(0.1)
    other.kill()
    other.communicate()
    turn.take(5)
    turn.give()
    turn.forget()
