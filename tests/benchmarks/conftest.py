"""What the faults are tried on."""

import pytest
from sqlmodel import Session

from models.place import Place


@pytest.fixture
def ground(place: Place, session: Session) -> None:  # noqa: ARG001
    """The demo place, and nobody who has begun to write."""
    session.rollback()
