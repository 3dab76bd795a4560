"""Thrift: what a run of the tests pays once, and not again for every test."""

import gc
from functools import cache
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import create_engine
from streamlit.components.v2 import manifest_scanner

from services.people import passwords
from services.system import db

_FIRST: dict[str, Engine] = {}


def begin(patch: pytest.MonkeyPatch) -> None:
    """For the rest of the run.

    Which packages bring components of Streamlit is looked up once. Statements are compiled once for all databases,
    though each test has engines of its own. Passwords are hashed in a thousandth of the time; where that time is what
    is tested, ``passwords._hasher`` is set back. What was imported is not looked through for garbage again and again.
    """
    patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
    patch.setattr(db, "create_engine", _sharing)
    patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    gc.freeze()


def _sharing(url: str, **options: Any) -> Engine:
    """An engine that compiles with the dialect of the first one of its kind, into the same cache."""
    made = create_engine(url, **options)
    if first := _FIRST.get(made.dialect.name) or _initialised(create_engine(url, **options)):
        made.dialect = first.dialect
        made._compiled_cache = first._compiled_cache
    return made


def _initialised(engine: Engine) -> Engine | None:
    """A dialect knows its server after the first connection; none can be had from a server that is down."""
    try:
        engine.connect().close()
    except DBAPIError:
        return None
    finally:
        engine.dispose()
    return _FIRST.setdefault(engine.dialect.name, engine)
