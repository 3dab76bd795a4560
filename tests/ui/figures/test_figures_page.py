"""The page of figures for every figure, dimension and role; and no page shows more than all."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.place import Place
from services.figures import breakdowns, casebook, indicators, readings
from services.figures.breakdowns import Question
from services.places import areas
from services.rights.permissions import Actor
from services.system import db
from services.system.errors import Refused
from tests.services.figures.raw import scatter
from tests.ui.opening import english, open_page, open_script
from ui.frame import menu

__all__ = ["english"]
pytestmark = [
    pytest.mark.usefixtures("english"),
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
_SHARE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*%")


@pytest.fixture
def scattered(session: Session, place: Place) -> Iterator[Session]:
    scatter(session, place, 5, 140)
    session.commit()
    readings.forget()
    yield session


def test_every_figure_can_be_split_every_way(scattered: Session, place: Place) -> None:
    for code, definition in indicators.definitions().items():
        for by in definition.by:
            app = open_page(scattered, place, "secretary", "figures", figure=code, by=by, period="year")
            assert app.metric[0].label and _all_or_less(app.main), (code, by)
            assert len(app.dataframe) == 1 or app.info, (code, by)


@pytest.mark.parametrize(
    "asked",
    [
        {"figure": "none", "by": "street", "period": "century", "against": "x"},
        {"period": "months", "first": "2026-02", "last": "2019-12"},
        {"period": "months", "first": "<b>", "last": "9999-99"},
        {"figure": "density", "by": "unit"},
        {"figure": "raised", "period": "month", "against": "year"},
        {"figure": "duration_p90", "period": "months", "against": "before"},
        {"area": "CL-G5", "figure": "satisfaction", "by": "unit"},
    ],
)
def test_a_strange_question_ends_in_an_answer(scattered: Session, place: Place, asked: dict[str, str]) -> None:
    app = open_page(scattered, place, "grid_worker", "figures", **asked)
    assert app.title[0].value == "Figures" and app.metric


def test_a_place_without_cases_says_so(session: Session, place: Place) -> None:
    app = open_page(session, place, "staff", "figures", figure="on_time_rate")
    assert app.metric[0].value == "No cases"
    app = open_page(session, place, "staff", "figures", figure="duration_median")
    assert app.metric[0].value == "No cases"


def test_the_public_has_no_such_page(session: Session, place: Place, actor: Callable[[str], Actor]) -> None:
    refused = open_script(session, place, "viewer", "figures")
    assert refused.error and not refused.metric and not refused.title
    here = areas.scope(session, actor("viewer"), None)
    asked = Question("open", here, "area", readings.span("all"))
    with pytest.raises(Refused):
        breakdowns.breakdown(session, actor("viewer"), asked)
    for role in ("admin", "secretary", "staff", "grid_worker"):
        assert open_page(session, place, role, "figures").title, role


def test_no_page_of_the_sample_place_shows_more_than_all(demo: str) -> None:
    with Session(db.engine(demo), expire_on_commit=False) as session:
        place = session.exec(select(Place)).one()
        for role, language in (("secretary", "en"), ("admin", "zh_CN"), ("viewer", "zh_CN")):
            for entry in menu.ENTRIES:
                if entry.visible and not (role == "viewer" and entry.name in ("figures", "new", "audit")):
                    if role == "admin" and entry.name == "new":
                        continue
                    app = open_page(session, place, role, entry.name, language)
                    assert _all_or_less(app.main), (role, entry.name)
        book = str(casebook.told(session, place.slug))
        assert not _SHARE.findall(book)


def test_more_than_all_would_be_seen(database: str) -> None:
    assert database

    def page() -> None:
        import pandas as pd
        import streamlit as st

        with st.container():
            st.dataframe(pd.DataFrame({"share": ["99 %", "103.6%"]}))

    app = AppTest.from_function(page).run()
    assert not _all_or_less(app.main)


def _all_or_less(root: Any) -> bool:
    shares = [float(found.replace(",", "")) for found in _SHARE.findall(_said(root))]
    return all(share <= 100 for share in shares)


def _said(node: Any) -> str:
    """Everything a block says: labels, values, tables."""
    value = getattr(node, "value", "")
    own = value.to_csv(sep="\n") if isinstance(value, pd.DataFrame) else str(value)
    inside = (_said(child) for child in getattr(node, "children", {}).values())
    return " ".join([str(getattr(node, "label", "")), own, str(getattr(node, "delta", "")), *inside])
