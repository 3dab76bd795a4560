"""The forms of a flow of an office's own: drawn, labelled, refused and handed in, and no markup in what is typed."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import begin, checklists, fields, flows, workflow
from services.rights.permissions import Actor
from services.system import clock, db
from tests.own_flow import own
from tests.ui.opening import english, in_blocks, open_page, press, said
from ui.frame import text

Actors = Callable[[str], Actor]
pytestmark = pytest.mark.usefixtures("own", "english")
__all__ = ["english", "own"]
MARKUP = "<b>x</b> **y** [z](https://z) :red[r]"


@pytest.fixture
def chinese(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``english``, and after it."""
    request.getfixturevalue("english")
    monkeypatch.setattr(text, "language", lambda: "zh_CN")


@pytest.fixture
def walking(session: Session, place: Place, actor: Actors) -> Matter:
    code = session.get_one(Area, place.area_id).code
    session.add(Organisation(code="WY-1", name="Property", kind="property", path="WY-1/", area_id=place.area_id))
    session.flush()
    made = begin.begin(session, actor("staff"), "round", {"title": MARKUP, "area": code})
    return workflow.move(session, actor("staff"), made.number, "walk", made.version, {})


def opened(session: Session, place: Place, matter: Matter, action: str = "", language: str = "en") -> AppTest:
    session.commit()
    app = open_page(session, place, "staff", "matter", language, no=matter.number)
    if action:
        app.session_state[f"step:{matter.number}"] = action
        app.run()
    assert not app.exception, app.exception
    return app


def labels(app: AppTest) -> set[str]:
    return {str(getattr(element, "label", "")) for element in app.main}


def test_a_form_asks_for_every_type_and_says_what_may_be_left_out(
    session: Session, place: Place, walking: Matter
) -> None:
    app = opened(session, place, walking, "log")
    keys = {str(getattr(element, "key", "")) for element in app.main}
    arrow = flows.arrow("round", "walking", "log")
    assert arrow is not None
    assert {f"step-{walking.number}-{need.name}" for need in arrow.needs} <= keys
    assert {fields.of_flow("round", need).type for need in arrow.needs} == set(fields.TYPES)
    assert {"Say what?", "Weather", "Hall (optional)", "Told by (optional)", "Helper"} <= labels(app)


@pytest.mark.usefixtures("chinese")
def test_a_form_asks_in_chinese_too(session: Session, place: Place, walking: Matter) -> None:
    asked = labels(opened(session, place, walking, "log", "zh_CN"))
    assert {"居民怎么说？", "天气", "场所（可不填）", "转告单位（可不填）"} <= asked


def test_one_arrow_may_ask_otherwise(session: Session, place: Place, walking: Matter) -> None:
    app = opened(session, place, walking, "drop")
    assert app.text_area(f"step-{walking.number}-note").label == "Reason, in a sentence"


def test_a_filled_form_moves_and_its_values_are_facts(session: Session, place: Place, walking: Matter) -> None:
    app, key = opened(session, place, walking, "log"), f"step-{walking.number}-"
    app.text_input(f"{key}remark").set_value(MARKUP)
    app.radio(f"{key}weather").set_value("rain")
    app.number_input(f"{key}households").set_value(40)
    app.number_input(f"{key}met").set_value(41)
    app.number_input(f"{key}cost").set_value(12.5)
    app.selectbox(f"{key}safe").set_value("yes")
    app.datetime_input(f"{key}seen_at").set_value(clock.local(clock.now()).replace(tzinfo=None))
    app.selectbox(f"{key}helper").set_value("WY-1")
    press(app, "Log")
    assert app.error[0].value.startswith("No more than 40 can be counted")
    assert app.text_input(f"{key}remark").value == MARKUP
    app.number_input(f"{key}met").set_value(12)
    press(app, "Log")
    assert not app.error, app.error
    shown, told = "\n".join(one.value for one in (*app.markdown, *app.caption)), in_blocks(app)
    assert "12.50 yuan" in told and "Rain" in said(app) and "Households" in told
    assert "<b>x" not in shown and "**y**" not in shown and "](https" not in shown and ":red[" not in shown
    assert any("<b>x" in one for one in told)  # as words: in_blocks has taken what was markup away


def test_the_checklist_is_answered_on_the_page(session: Session, place: Place, walking: Matter) -> None:
    app = opened(session, place, walking)
    press(app, "Finish")
    assert "Was every door knocked at?" in app.error[0].value
    app.button_group(f"check-{walking.number}-doors-answer").set_value("yes")
    app.text_input(f"check-{walking.number}-doors-remark").set_value(MARKUP)
    press(app, "Keep the answers")
    with db.reading() as other:
        assert checklists.answers(other, walking)["doors"].remark == MARKUP
    press(app, "Finish")
    assert not app.error, app.error[0].value
    with db.reading() as other:
        assert other.exec(select(Matter.state).where(Matter.number == walking.number)).one() == "done"


def begun(session: Session, place: Place, role: str = "staff", **params: str) -> AppTest:
    session.commit()
    return open_page(session, place, role, "begin", "en", **params)


def test_a_matter_of_the_flow_is_begun_and_nothing_typed_is_lost(session: Session, place: Place) -> None:
    app = begun(session, place, flow="round")
    app.text_area("begin-round--description").set_value(MARKUP).run()
    press(app, "Hand in")
    assert app.error[0].value.startswith("Enter a title")
    assert app.text_area("begin-round--description").value == MARKUP
    app.text_input("begin-round--title").set_value(MARKUP)
    press(app, "Hand in")
    made = session.exec(select(Matter).where(Matter.flow == "round")).one()
    assert (made.title, made.state, made.description) == (MARKUP, "planned", MARKUP)
    assert app.text_input("begin-round--title").value == ""
    press(app, "Hand in")
    assert len(session.exec(select(Matter.id).where(Matter.flow == "round")).all()) == 1


def test_the_address_says_where(session: Session, place: Place) -> None:
    grid = session.exec(select(Area).where(Area.code == "CL-G1")).one()
    app = begun(session, place, flow="round", area=grid.code)
    assert app.selectbox("begin-round--area").value == grid.code
    point: dict[str, Any] = {"lng": "12.5", "lat": "40"}
    outside = begun(session, place, flow="issue", **point)
    assert outside.text_input("begin-issue--point").value == "12.5, 40"
    assert outside.warning[0].value.startswith("The point lies outside every area")


def test_who_may_not_begin_is_offered_nothing(session: Session, place: Place) -> None:
    assert "page" not in {button.key for button in begun(session, place, "staff", flow="nothing").button}
    assert begun(session, place, "staff", flow="action", **{"from": "CL-1999-000001"}).error
