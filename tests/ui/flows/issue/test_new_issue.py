"""The form of a new issue: the suggested category is one tap away, and so is what was reported already."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select
from streamlit.testing.v1 import AppTest

from models.matter import Link, Matter
from models.place import Place
from services.flows.issue import issues
from services.flows.issue.issues import NewIssue
from services.rights.permissions import Actor
from tests.ui.opening import english, open_page, press

Actors = Callable[[str], Actor]
__all__ = ["english"]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
LAMP = NewIssue(title="东门口路灯不亮", description="晚上漆黑一片，老人出行不便。", location="东门口", category="01037")


@pytest.fixture
def there(session: Session, place: Place, actor: Actors) -> Matter:
    made = issues.create(session, actor("staff"), LAMP.model_copy(update={"area_id": place.area_id}))
    session.commit()
    return made


def typed(session: Session, place: Place, role: str = "staff") -> AppTest:
    app = open_page(session, place, role, "new")
    app.text_input("issue-title").set_value("东门路灯坏了不亮")
    app.text_area("issue-description").set_value("晚上一片漆黑，出行不安全")
    app.selectbox("issue-area").set_value(place.area_id)
    return app.run()


def newest(session: Session) -> Matter:
    session.expire_all()
    return session.exec(select(Matter).order_by(col(Matter.id).desc())).first()  # type: ignore[return-value]


def test_one_tap_takes_the_suggested_category(session: Session, place: Place) -> None:
    app = typed(session, place)
    assert any("because of" in caption.value and "路灯" in caption.value for caption in app.caption)
    assert app.selectbox("issue-category").value is None
    app.button("suggested-01037").click().run()
    assert app.selectbox("issue-category").value == "01037"
    press(app, "Hand in")
    assert newest(session).category == "01037"


def test_what_was_reported_already_is_shown_with_why(session: Session, place: Place, there: Matter) -> None:
    app = typed(session, place)
    assert any("may be the same" in one.value for one in app.markdown)
    assert any(there.number in caption.value for caption in app.caption)
    assert any("Shared words" in caption.value and "路灯" in caption.value for caption in app.caption)


def test_the_same_thing_is_merged_with_one_tap_and_the_form_is_empty(
    session: Session, place: Place, there: Matter
) -> None:
    app = typed(session, place)
    app.button(f"same-{there.number}").click().run()
    assert not app.exception and app.text_input("issue-title").value == ""
    assert newest(session).state == "merged"
    assert session.exec(select(Link.target_id).where(Link.kind == "duplicate_of")).all() == [there.id]
    assert any(there.number in one.value for one in app.success)


def test_not_the_same_is_remembered_with_the_new_issue(session: Session, place: Place, there: Matter) -> None:
    app = typed(session, place)
    app.button(f"apart-{there.number}").click().run()
    assert not [one for one in app.button if one.key == f"same-{there.number}"]
    press(app, "Hand in")
    made = newest(session)
    assert made.id != there.id and made.state == "submitted"
    tied = session.exec(select(Link.kind).where(Link.source_id == made.id, Link.target_id == there.id)).all()
    assert tied == ["not_duplicate"]


def test_at_intake_the_two_stand_side_by_side(session: Session, place: Place, there: Matter, actor: Actors) -> None:
    made = issues.create(session, actor("staff"), LAMP.model_copy(update={"area_id": place.area_id}))
    session.commit()
    app = open_page(session, place, "staff", "matter", no=made.number)
    assert "Perhaps the same" in [one.value for one in app.subheader]
    app.button(f"same-{there.number}").click().run()
    session.expire_all()
    assert session.get_one(Matter, made.id).state == "merged"
    assert any("It goes on here" in caption.value for caption in app.caption)
    stays = open_page(session, place, "staff", "matter", no=there.number)
    assert any("Reported 2 times" in one.label for one in stays.expander)


def test_a_viewer_and_a_grid_worker_are_asked_nothing(
    session: Session, place: Place, there: Matter, actor: Actors
) -> None:
    issues.create(session, actor("staff"), LAMP.model_copy(update={"area_id": place.area_id}))
    session.commit()
    app = open_page(session, place, "grid_worker", "matter", no=there.number)
    assert "Perhaps the same" not in [one.value for one in app.subheader]
