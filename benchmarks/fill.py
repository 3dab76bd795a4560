"""A scratch database with any number of matters, made by the demo's own bulk path."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress
from sqlalchemy import create_engine, make_url
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
        """The database as a file, where it is one."""
        return Path(self.url.removeprefix("sqlite:///"))

    def beside(self, name: str) -> str:
        """The address of another database of the same kind, empty."""
        if self.url.startswith("sqlite"):
            (self.folder / f"{name}.db").unlink(missing_ok=True)
            return f"sqlite:///{self.folder / name}.db"
        here = make_url(self.url)
        with create_engine(here, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{here.database}_{name}"')
            connection.exec_driver_sql(f'CREATE DATABASE "{here.database}_{name}"')
        return here.set(database=f"{here.database}_{name}").render_as_string(hide_password=False)


def use(url: str) -> None:
    """Let this process and those it starts work on the database at ``url``."""
    os.environ |= {"MULIN_DATABASE_URL": url, "MULIN_MODE": "demo"}
    # Two hundred people at once come from one address here, under a few names.
    os.environ |= {"MULIN_SOCKETS_PER_ACCOUNT": "10000", "MULIN_SOCKETS_PER_ADDRESS": "10000"}
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
    identities()
    if not made.fresh:
        return []
    return [
        Result(
            "fill",
            "sample matters",
            made.issues / seconds,
            "per s",
            note=f"{made.issues:,} matters, {made.events:,} events, {_megabytes(bench):,.0f} MB",
        )
    ]


def _megabytes(bench: Bench) -> float:
    if bench.url.startswith("sqlite"):
        return bench.file.stat().st_size / 1e6
    with db.reading() as session:
        return (
            float(session.connection().exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
            / 1e6
        )


def demo_load(bench: Bench) -> list[Result]:
    """How long the demo place takes to load, from an empty file."""
    use(bench.beside("demo"))
    schema.upgrade()
    began = time.perf_counter()
    load_demo(SLUG)
    seconds = time.perf_counter() - began
    use(bench.url)
    return [Result("demo", "demo place loads", seconds, "s", DEMO_SECONDS)]


def identities() -> None:
    """Let the demo identities of the place be there."""
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
