"""How PostgreSQL is copied and put back: with its own pg_dump and pg_restore."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL

from services.errors import Refused


def dump(url: URL, path: Path) -> None:
    """Write the database to ``path``, which appears only when it is complete."""
    part = path.with_suffix(".part")
    try:
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        part.chmod(0o600)
        check(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Refuse a file that pg_restore can't read to its end, or that holds no Mulin database."""
    listed = _run(None, "pg_restore", "--list", str(path))
    if "TABLE DATA public alembic_version" not in listed:
        raise Refused("{name} is no sound copy of a Mulin database. Use another backup.", name=path.name)


def load(url: URL, path: Path, new_path: Callable[[], Path]) -> Path:
    """Replace the database with the copy, in one transaction; returns where the old one is kept, dumped."""
    kept = new_path()
    dump(url, kept)
    _run(url, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(path))
    return kept


def _run(url: URL | None, tool: str, *arguments: str) -> str:
    found = shutil.which(tool)
    if found is None:
        raise Refused("{tool} is not installed here. On Debian: apt-get install postgresql-client", tool=tool)
    environment = {**os.environ, "PGOPTIONS": "-c lock_timeout=5s"}
    if url is not None:
        # The password goes by the environment: arguments are shown to everybody on the machine.
        environment["PGPASSWORD"] = url.password or os.environ.get("PGPASSWORD", "")
        address = url.set(drivername="postgresql", password=None).render_as_string()
        arguments = (f"--dbname={address}", *arguments)
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[0]
        raise Refused("{tool} could not finish: {reason}. Nothing was changed.", tool=tool, reason=reason)
    return done.stdout
