"""The list of activities, with the states above it and a choice of the state among its filters; and the matrix."""

import pytest
from sqlmodel import Session

from models.place import Place
from tests.ui.opening import english, open_page, said

pytestmark = pytest.mark.usefixtures("english")
__all__ = ["english"]


@pytest.mark.parametrize("name", ["activities", "matrix"])
def test_the_page_opens_with_nothing_on_record(session: Session, place: Place, name: str) -> None:
    app = open_page(session, place, "staff", name)
    assert not app.error
    assert ("Nothing matches" in str([one.value for one in app.info])) or "cells are filled" in said(app)
