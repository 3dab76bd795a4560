"""What a viewer reads on the pages, and what nobody reads before the second count."""

from collections.abc import Callable

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from models.place import Place
from services.flows.action import actions
from services.flows.issue import issues
from services.meetings import meetings
from services.rights.permissions import Actor
from tests.ui.opening import english, in_blocks, open_page, said
from tests.walk import Walk

Actors = Callable[[str], Actor]
__all__ = ["english"]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


@pytest.fixture
def published(session: Session, place: Place, actor: Actors) -> Walk:
    """A published topic whose issue carries a note of the desk."""
    walk = Walk(session, actor("secretary"), place)
    issues.note(session, actor("staff"), walk.issue.number, walk.issue.version, "only for the desk")
    walk.discuss().meet().vote()
    walk.promise()
    walk.publish()
    session.commit()
    return walk


def test_the_definition_of_a_withheld_figure_has_no_numbers(session: Session, place: Place, published: Walk) -> None:
    published.finish(actions.of_topic(session, published.topic)[0][0])
    session.commit()
    app = open_page(session, place, "viewer", "overview")
    told = said(app)
    assert "not shown" in in_blocks(app)
    assert "Action items accepted on time: " not in told
    assert "Counts below 5 are not shown" in told
    assert "Action items accepted on time: " in said(open_page(session, place, "staff", "overview"))


def test_a_viewer_reads_steps_and_no_notes_or_names(session: Session, place: Place, published: Walk) -> None:
    seen = said(open_page(session, place, "viewer", "matter", no=published.issue.number))
    assert "only for the desk" not in seen and "secretary" not in seen and "· staff" in seen
    seen = said(open_page(session, place, "viewer", "matter", no=published.topic.number))
    assert "hands" not in seen and "secretary" not in seen and "Build it at the north gate." in seen
    assert "only for the desk" in said(open_page(session, place, "staff", "matter", no=published.issue.number))


def test_a_viewer_does_not_read_a_decision_before_its_notice(session: Session, place: Place, published: Walk) -> None:
    published.move(published.topic, "reconsider", note="The objection holds.")
    published.vote()
    published.record(meetings.write_resolution, "Not public yet.")
    published.move(published.topic, "resolve")
    session.commit()
    for page in ("matter", "line"):
        app = open_page(session, place, "viewer", page, no=published.topic.number)
        assert "Not public yet." not in said(app), page
    assert "Not public yet." in said(open_page(session, place, "staff", "matter", no=published.topic.number))


def test_the_second_counter_does_not_read_the_first_count(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place).discuss().meet()
    walk.record(meetings.take_attendance, {"representative": 30})
    walk.record(meetings.add_option, "North")
    meeting = meetings.current(session, walk.topic)
    assert meeting
    votes = {(meetings.options(session, meeting)[0].id, "hands"): 17}
    walk.record(meetings.count_votes, 1, votes)
    session.commit()
    assert "17" not in said_by_events(open_page(session, place, "staff", "matter", no=walk.topic.number))
    walk.record(meetings.count_votes, 2, votes)
    session.commit()
    assert "17" in said_by_events(open_page(session, place, "staff", "matter", no=walk.topic.number))


def said_by_events(app: AppTest) -> str:
    return "\n".join(part for part in in_blocks(app) if "hands" in part or "Count" in part)


def test_only_staff_see_how_many_matters_an_organisation_has(session: Session, place: Place, published: Walk) -> None:
    assert published
    seen = [open_page(session, place, role, "organisations").dataframe[0].value for role in ("viewer", "staff")]
    assert ["Open matters" in table.columns for table in seen] == [False, True]


def test_a_viewer_sees_no_live_count_of_matters_on_a_card(session: Session, place: Place, published: Walk) -> None:
    assert published
    seen = [said(open_page(session, place, role, "cards")) for role in ("viewer", "staff")]
    assert ["topics" in told for told in seen] == [False, True]
