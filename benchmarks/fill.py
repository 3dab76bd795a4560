"""A scratch database with any number of matters, made by the demo's own bulk path."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress
from sqlmodel import Session, col, select

from benchmarks.results import Result
from models.account import Account
from models.area import Area
from models.place import Place
from services.demo.loading import load_demo
from services.demo.pack import samples
from services.people import accounts, signins
from services.places.place_packs import pack
from services.system import db, schema
from services.system.settings import settings

SLUG = "chilinglu"
DEMO_SECONDS = 10


@dataclass(frozen=True)
class Bench:
    """What the measurements share: a folder for their files, the database, and how many matters it was asked for."""

    folder: Path
    url: str
    rows: int

    @property
    def file(self) -> Path:
        """The database as a file."""
        return Path(self.url.removeprefix("sqlite:///"))


def use(url: str) -> None:
    """Let this process and those it starts work on the database at ``url``."""
    os.environ |= {"MULIN_DATABASE_URL": url, "MULIN_MODE": "demo"}
    db.forget()
    settings.cache_clear()


def fill(bench: Bench) -> list[Result]:
    """Fill the database, unless it holds records already, and say how fast that went."""
    use(bench.url)
    schema.upgrade()
    usual = samples(pack(SLUG)).told["issues"]
    with Progress(transient=True) as shown:
        task = shown.add_task("Filling the scratch database", total=bench.rows)
        began = time.perf_counter()
        made = load_demo(
            SLUG,
            max(1, round(bench.rows / usual)),
            lambda _, done, total: shown.update(task, completed=done, total=total),
        )
    seconds = time.perf_counter() - began
    _identities()
    if not made.fresh:
        return []
    size = bench.file.stat().st_size / 1e6
    return [
        Result(
            "fill",
            "sample matters",
            made.issues / seconds,
            "per s",
            note=f"{made.issues:,} matters, {made.events:,} events, {size:,.0f} MB",
        )
    ]


def demo_load(bench: Bench) -> list[Result]:
    """How long the demo place takes to load, from an empty file."""
    url = f"sqlite:///{bench.folder / 'demo.db'}"
    use(url)
    schema.upgrade()
    began = time.perf_counter()
    load_demo(SLUG)
    seconds = time.perf_counter() - began
    use(bench.url)
    return [Result("demo", "demo place loads", seconds, "s", DEMO_SECONDS)]


def _identities() -> None:
    with db.writing() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id).where(Place.slug == SLUG)).one())
        accounts.ensure_demo_identities(session, root, SLUG)


def cookie(role: str = "secretary") -> str:
    """The Cookie header of somebody in a role who has just signed in."""
    with db.writing() as session:
        return f"mulin_session={signins.start(session, account(session, role), 'bench')}"


def account(session: Session, role: str) -> Account:
    """A demo identity of the filled place."""
    query = select(Account).where(Account.role == role, col(Account.demo)).order_by(col(Account.id))
    return session.exec(query).first() or session.exec(select(Account)).one()
