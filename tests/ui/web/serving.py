"""A real server on a database of its own, with a few accounts in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.people import accounts
from services.system import db, schema
from services.system.settings import settings
from tests.ui.web.running import Running


@contextmanager
def serving(
    folder: Path,
    roles: Mapping[str, str],
    password: str,
    environment: Mapping[str, str],
    *,
    given: bool = False,
    processes: int = 1,
) -> Iterator[Running]:
    """The server for accounts by login and role; ``given``: somebody else knows the password, so it must be changed."""
    url = f"sqlite:///{folder / 'web.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULIN_DATABASE_URL", url)
        forget()
        schema.upgrade()
        with db.writing() as session:
            for login, role in roles.items():
                made = accounts.create(
                    session, "root", login=login, name=f"N {login}", role=role, password=password, area_id=None
                )
                made.must_change = given
        running = Running(folder, processes, MULIN_DATABASE_URL=url, **environment)
        yield running
        running.close()
    forget()


def forget() -> None:
    """Let this process look at its usual database again."""
    settings.cache_clear()
    db.forget()
