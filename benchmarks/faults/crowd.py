"""Crowd: many clerks in one grid at once: nobody is broken off, nobody waits long, nobody reads what is old by then."""

import threading

from sqlmodel import select

from benchmarks import contention
from benchmarks.contention import Done
from benchmarks.faults import checking
from benchmarks.faults.checking import Saved
from benchmarks.faults.outcome import Outcome
from models.matter import Matter
from services.engine import events
from services.system import db

_CLERKS, _SECONDS = 20, 1.0


def clerks(where: str, steps: int, clerks: int = _CLERKS, longest: float = _SECONDS) -> Outcome:
    """Let clerks take ``steps`` steps each, one after the other; ``longest`` is what a save may take, in seconds."""
    found = Outcome("contention", where, f"{clerks} clerks in one grid")
    contention.work(1, lambda done: done < 6)  # What is read once for all is read.
    looking = _Looking()
    tally = contention.work(clerks, lambda done: done < steps, then=looking.at)
    found.times = found.acknowledged = len(tally.spent)
    found.longest = max(tally.spent, default=0) / 1000
    found.lost, found.half = checking.lost(looking.saved), checking.half_written()
    found.wrong = [f"{count} × {name}" for name, count in tally.errors.items()] + looking.stale
    if found.longest > longest:
        found.wrong.append(f"a save took longer than {longest:.2f} s")
    return found


class _Looking:
    """Looks at what was written as soon as it is acknowledged, as the page does that is drawn next."""

    def __init__(self) -> None:
        self.saved: list[Saved] = []
        self.stale: list[str] = []
        self._newest = 0
        self._lock = threading.Lock()

    def at(self, done: Done) -> None:
        """The matter must be at this version, or a later one, and the version of everything shown never falls."""
        number, version = done
        with self._lock:
            before = self._newest
        with db.reading() as session:
            told = session.exec(select(Matter.version).where(Matter.number == number)).first() or 0
            newest = events.newest(session)
        with self._lock:
            self.saved.append(Saved(number, version))
            self.stale += [f"{number} is read at {told} after {version}"] if told < version else []
            self.stale += [f"the newest event falls from {before} to {newest}"] if newest < before else []
            self._newest = max(self._newest, newest)
