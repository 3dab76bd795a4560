from collections.abc import Callable

import pytest
from sqlmodel import Session

from models.place import Place
from services.rights.permissions import Actor
from tests.services.parts.acting import Acting


@pytest.fixture
def acting(session: Session, place: Place, actor: Callable[[str], Actor]) -> Acting:
    return Acting(session, actor("secretary"), place)
