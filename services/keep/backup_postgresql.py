"""How PostgreSQL is copied and put back: with its own pg_dump and pg_restore."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, text

from services.system import facts, schema
from services.system.errors import Refused
from services.system.files import private_files

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def dump(url: URL, path: Path) -> None:
    """Write the database to ``path``, which appears only when it is complete."""
    part = private_files.touch(path.with_suffix(".part"))
    try:
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        check(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path) -> str:
    """The fingerprint of the key it was sealed with, as far as it says so.

    Refuse a file that pg_restore can't read, or that another version of the program wrote.
    """
    told = ("--data-only", "--table=alembic_version", "--table=fact", "--file=-", str(path))
    copied = _run(None, "pg_restore", *told)
    version = re.search(r"^COPY public\.alembic_version .*\n(\w+)$", copied, re.MULTILINE)
    if version is None:
        raise Refused("{name} is no sound copy of a Mulin database. Use another backup.", name=path.name)
    if version[1] != schema.head():
        raise Refused(
            "{name} was written by another version of the program. Restore it with that version, then upgrade.",
            name=path.name,
        )
    key = re.search(rf"^{facts.KEY}\t(\w+)\t", copied, re.MULTILINE)
    return key[1] if key else ""


def load(url: URL, path: Path, new_path: Callable[[], Path]) -> Path:
    """Replace the database with the copy, in one transaction; returns where the old one is kept, dumped."""
    require_alone(url)
    kept = new_path()
    dump(url, kept)
    _run(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(path))
    return kept


def require_alone(url: URL) -> None:
    """Raise Refused while anybody else is connected."""
    # pg_restore switches every lock timeout off and would wait for ever behind one open page.
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        others = connection.execute(text(_OTHERS)).scalar_one()
    if others:
        raise Refused("The program is still running. Stop it first.")


def _run(url: URL | None, tool: str, *arguments: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise Refused("{tool} is not installed here. On Debian: apt-get install postgresql-client", tool=tool)
    environment = dict(os.environ)
    if url is not None:
        # The password goes by the environment: arguments are shown to everybody on the machine.
        environment["PGPASSWORD"] = url.password or os.environ.get("PGPASSWORD", "")
        address = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        arguments = (f"--dbname={address.render_as_string()}", *arguments)
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[0]
        raise Refused("{tool} could not finish: {reason}. Nothing was changed.", tool=tool, reason=reason)
    return done.stdout
