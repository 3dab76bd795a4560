"""``python -m benchmarks.faults``: kill, crowd, block, upgrade the program and drive it to its limits; ROUNDS kills."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from benchmarks import fill, server
from benchmarks.faults import blocked, crash, crowd, limits, places, power, upgrade
from benchmarks.faults.outcome import Outcome, table
from services.system import db

FAULTS = ("crash", "contention", "blocked", "upgrade", "limits")
_SESSIONS, _SAVES = 300, 60


def main() -> int:
    """Try what was asked for; 1 where anything was lost, half-written or otherwise wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=FAULTS, default=FAULTS, help="try these faults only")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="on this database only")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("ROUNDS", "20")), help="kills on each")
    asked = parser.parse_args()
    os.environ["MULIN_KEY"] = upgrade.KEY
    found = []
    with tempfile.TemporaryDirectory(prefix="mulin-faults-") as scratch:
        for outcome in _tried(Path(scratch), asked.only, asked.rounds, asked.database):
            print(*outcome.cells(), sep="  ", file=sys.stderr, flush=True)
            found.append(outcome)
    Console(width=None if sys.stdout.isatty() else 200).print(table(found))
    told = {name: sum(len(getattr(one, name)) for one in found) for name in ("lost", "half", "wrong")}
    print(
        f"{sum(one.acknowledged for one in found):,} acknowledged, {told['lost']} lost, {told['half']} half-written, "
        f"{told['wrong']} otherwise wrong"
    )
    return int(not all(one.sound for one in found))


def _tried(folder: Path, only: tuple[str, ...], rounds: int, database: str | None) -> Iterator[Outcome]:
    for where in places.each(folder, database):
        if "crash" in only:
            yield crash.clerks(where.kind, rounds)
            yield crash.ledgers(where.kind, max(1, rounds // 4), where.folder)
        if "contention" in only:
            yield crowd.clerks(where.kind, rounds)
        if "blocked" in only:
            fill.identities()
            yield from blocked.each(where.kind)
        if "limits" in only:
            yield from _limits(where)
    if "upgrade" in only and database != "postgresql":
        yield from upgrade.each(folder, _use)


def _limits(where: places.Where) -> Iterator[Outcome]:
    fill.identities()
    cookie = fill.cookie()
    with server.mulin(where.folder) as running:
        yield limits.sessions(running.host, running.process, cookie, _SESSIONS)
    if where.kind == "sqlite" and power.compiler():
        usual = db.engine().url.render_as_string(hide_password=False)
        yield power.cut(where.folder / "power", _SAVES, fill.use)
        fill.use(usual)
    yield limits.clock_behind(where.kind)  # Last: from then on nothing is taken there.


def _use(url: str, key: str) -> None:
    os.environ["MULIN_KEY"] = key
    fill.use(url)


if __name__ == "__main__":
    sys.exit(main())
