"""The topics of an area: by stage and forum, with the meetings ahead, for each role."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.matter import Matter
from services.flows.deliberation import deliberations
from services.flows.deliberation.deliberations import NewTopic
from services.rights.permissions import Actor
from services.system import db
from tests.ui.opening import english, in_blocks, open_page, press
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = pytest.mark.usefixtures("english")
__all__ = ["english"]


@pytest.fixture
def walk(met: Walk) -> Walk:
    made = met
    deliberations.create(made.session, made.actor, NewTopic(title="Dogs [a](b)", forum="CL-F-MQ"))
    made.session.commit()
    return made


def opened(walk: Walk, role: str = "staff", **params: str) -> AppTest:
    return open_page(walk.session, walk.place, role, "deliberations", **params)


def titles(app: AppTest) -> list[str]:
    """What the page links to: by a link, or in a row of the list."""
    rows = [title for table in app.dataframe for title in table.value.get("title", ())]
    return [str(getattr(link, "label", "")) for link in app.get("page_link")] + rows + in_blocks(app)


def test_topics_stand_by_stage_with_their_counts(walk: Walk) -> None:
    app = opened(walk)
    stages = app.pills("url-state").options
    assert "Collecting 1" in stages and "Meeting 1" in stages and "Graded 0" in stages
    assert "Dogs [a](b)" in titles(app)


def test_a_stage_and_a_forum_narrow_the_list_through_the_url(walk: Walk) -> None:
    assert not any("Dogs" in title for title in titles(opened(walk, state="meeting")))
    app = opened(walk, forum="CL-F-MQ")
    assert any("Dogs" in title for title in titles(app))
    assert "Meeting 0" in app.pills("url-state").options
    app = opened(walk, forum="CL-F-MQ", state="judging")
    assert app.info[0].value.startswith("Nothing matches")


def test_a_meeting_of_today_leads_to_its_recorder_for_those_who_may(walk: Walk) -> None:
    for role, links in (("secretary", True), ("staff", True), ("grid_worker", False)):
        app = opened(walk, role)
        assert any("Charging shed" in title for title in titles(app))
        assert ("Record the meeting" in titles(app)) is links
        assert "● Running" in in_blocks(app)


def test_a_viewer_sees_only_what_is_public_and_proposes_nothing(walk: Walk) -> None:
    app = opened(walk, "viewer")
    assert not any("Charging" in title or "Dogs" in title for title in titles(app))
    assert all(option.endswith(" 0") for option in app.pills("url-state").options)
    assert not any(button.label == "New topic" for button in app.button)
    walk.vote().publish(0, 4)
    walk.session.commit()
    assert any("Charging" in title for title in titles(opened(walk, "viewer")))


def test_a_new_topic_is_proposed_and_a_refused_one_keeps_what_was_typed(walk: Walk) -> None:
    app = opened(walk)
    press(app, "New topic")
    app.text_input("new-topic-title").set_value("Parcel lockers")
    press(app, "Propose")
    assert app.error[0].value.startswith("Choose the forum")
    assert app.text_input("new-topic-title").value == "Parcel lockers"
    app.selectbox("new-topic-forum").set_value("CL-F-HSL")
    press(app, "Propose")
    with db.reading() as other:
        made = other.exec(select(Matter).where(Matter.title == "Parcel lockers")).one()
    assert made.state == "collecting" and "Parcel lockers" in titles(app)
    assert made.number in app.toast[0].value.replace("\\", "")


def test_a_grid_worker_cannot_propose(walk: Walk) -> None:
    assert not any(button.label == "New topic" for button in opened(walk, "grid_worker").button)
