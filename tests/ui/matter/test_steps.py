"""The next step: every arrow of every flow can be drawn, and only the permitted ones are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

import services.registry  # noqa: F401
import ui.flows.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place, Venue
from services.engine import begin, fields, flows, workflow
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system import clock, db
from services.words import vocabulary
from tests.ui.opening import english, press
from tests.walk import Walk
from ui.frame import text
from ui.matter import step_fields

Actors = Callable[[str], Actor]
pytestmark = pytest.mark.usefixtures("english")
__all__ = ["english"]


def _page() -> None:
    import streamlit as st

    from services.engine import workflow
    from services.system import db
    from ui.frame import session
    from ui.matter import steps

    actor = session.actor()
    session.show_outcome()
    with db.reading() as data:
        matter = workflow.load(data, actor, st.session_state["number"])
        st.text(matter.state)
        steps.show(data, actor, matter)


@pytest.fixture
def show(session: Session, place: Place) -> Callable[..., AppTest]:
    from tests.ui.opening import _signed_in

    def opened(matter: Matter, role: str = "secretary", **state: Any) -> AppTest:
        session.commit()
        app = AppTest.from_function(_page, default_timeout=300)
        app.user = {"session": _signed_in(session, place, role, "en")}
        for name, value in ({"number": matter.number} | state).items():
            app.session_state[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return opened


@pytest.fixture
def issue(session: Session, place: Place, actor: Actors) -> Matter:
    return issues.create(session, actor("staff"), issues.NewIssue(title="Lamp **out**", area_id=place.area_id))


def offered(app: AppTest) -> list[str]:
    """The actions behind the buttons, then those in the menu."""
    first = [str(button.key).rpartition("-")[2] for button in app.button if str(button.key).startswith("take-")]
    return first + [option for menu in app.menu_button for option in menu.options]


def state_of(matter: Matter) -> str:
    with db.reading() as other:
        return other.exec(select(Matter.state).where(Matter.number == matter.number)).one()


def test_every_type_of_field_has_a_widget() -> None:
    assert set(step_fields.WIDGETS) == set(fields.TYPES)


@pytest.mark.parametrize("flow", flows.flows())
def test_every_form_of_a_flow_can_be_drawn(
    session: Session, place: Place, actor: Actors, show: Callable[..., AppTest], flow: str
) -> None:
    walk = Walk(session, actor("secretary"), place).discuss().meet().vote()
    known = {"issue": walk.issue, "deliberation": walk.topic, "action": walk.promise()}
    tomorrow, here = clock.now() + timedelta(days=1), session.get_one(Area, place.area_id)
    told: dict[str, Any] = {
        "title": "Sheds on the fire lane",
        "area": here.code,
        "unit": session.exec(select(Organisation.code).where(Organisation.area_id == here.id)).first(),
        "venue": session.exec(select(Venue.code)).first(),
        "activity_kind": vocabulary.codes("activity_kind")[0],
        "starts_at": tomorrow,
        "ends_at": tomorrow + timedelta(hours=2),
        "valid_from": tomorrow.date(),
        "valid_until": tomorrow.date() + timedelta(days=365),
    }
    matter = known.get(flow) or begin.begin(session, actor("staff"), flow, told)
    app = show(matter)
    for arrow in flows.arrows(flow):
        matter.state = arrow.sources[0]
        session.add(matter)
        session.commit()
        app.session_state[f"step:{matter.number}"] = arrow.action
        assert not app.run().exception, arrow
        drawn = {str(getattr(element, "key", "")) for element in app.main}
        assert {f"step-{matter.number}-{need.name}" for need in arrow.needs} <= drawn, arrow


def test_only_what_the_role_may_do_is_offered(
    issue: Matter, show: Callable[..., AppTest], actor: Actors, session: Session
) -> None:
    assert offered(show(issue, "staff"))[0] == "accept"
    for role in ("staff", "grid_worker"):
        permitted = [arrow.action for arrow in workflow.open_arrows(session, actor(role), issue)]
        assert len(offered(show(issue, role))) == len(permitted)


def test_a_form_opens_submits_and_closes(issue: Matter, show: Callable[..., AppTest]) -> None:
    app = show(issue, "staff")
    press(app, "File it…")
    app.selectbox(f"step-{issue.number}-category").set_value("01037")
    press(app, "File it")
    assert (state_of(issue), app.text[0].value, app.selectbox.len) == ("filed", "filed", 0)


def test_a_refusal_keeps_the_form_and_what_was_typed(issue: Matter, show: Callable[..., AppTest]) -> None:
    app = show(issue, **{f"step:{issue.number}": "decline"})
    app.text_area(f"step-{issue.number}-note").set_value("   ")
    press(app, "Decline")
    assert app.error[0].value.startswith("Enter a note")
    app.text_area(f"step-{issue.number}-note").set_value("特" * 2000)
    press(app, "Decline")
    assert state_of(issue) == "declined"


def test_cancel_closes_the_form_and_moves_nothing(issue: Matter, show: Callable[..., AppTest]) -> None:
    app = show(issue, **{f"step:{issue.number}": "decline"})
    press(app, "Cancel")
    assert (state_of(issue), app.text_area.len) == ("submitted", 0)


def test_the_menu_opens_the_form_of_the_step_chosen(issue: Matter, show: Callable[..., AppTest]) -> None:
    app = show(issue)
    key = f"more-{issue.number}-submitted"
    app.menu_button(key).set_value("decline").run()
    assert app.text_area.len == 1


def test_a_stale_step_is_refused_with_who_and_shows_the_new_state(
    issue: Matter, show: Callable[..., AppTest], actor: Actors
) -> None:
    app = show(issue, "staff", **{f"step:{issue.number}": "accept"})
    app.selectbox(f"step-{issue.number}-category").set_value("01037")
    with db.writing() as other:
        workflow.move(other, actor("secretary"), issue.number, "decline", issue.version, {"note": "Twice."})
    press(app, "File it")
    assert "secretary changed" in app.error[0].value
    assert (app.text[0].value, state_of(issue), offered(app)) == ("declined", "declined", ["restore"])


def test_a_note_elsewhere_costs_one_more_press_and_no_typing(
    issue: Matter, show: Callable[..., AppTest], actor: Actors
) -> None:
    app = show(issue, "staff", **{f"step:{issue.number}": "accept"})
    app.selectbox(f"step-{issue.number}-category").set_value("01037")
    with db.writing() as other:
        issues.note(other, actor("secretary"), issue.number, issue.version, "Called back.")
    press(app, "File it")
    assert app.selectbox(f"step-{issue.number}-category").value == "01037"
    press(app, "File it")
    assert state_of(issue) == "filed"


def test_an_extension_passes_its_date(
    session: Session, issue: Matter, show: Callable[..., AppTest], actor: Actors
) -> None:
    asked: dict[str, Any] = {"due_asked": clock.today() + timedelta(days=50), "note": "Parts are late."}
    steps: list[tuple[str, dict[str, Any]]] = [("accept", {"category": "01037"}), ("dispatch", {"unit": "CL-O-JWH"})]
    for action, inputs in (*steps, ("start", {}), ("ask_extension", asked)):
        workflow.move(session, actor("secretary"), issue.number, action, issue.version, inputs)
    app = show(issue, **{f"step:{issue.number}": "extend"})
    assert app.date_input(f"step-{issue.number}-due").value == asked["due_asked"]
    app.date_input(f"step-{issue.number}-due").set_value(clock.today() + timedelta(days=60))
    press(app, "Approve the extension")
    with db.reading() as other:
        due = other.exec(select(Matter.due_at).where(Matter.number == issue.number)).one()
    assert due is not None and clock.local(due).date() == clock.today() + timedelta(days=60)


def test_labels_are_escaped_words_not_codes() -> None:
    assert text.md("[x](y) **b**") == "\\[x\\]\\(y\\) \\*\\*b\\*\\*"
