"""My unit: what waits for it, with the next steps; and the pages its clerk opens say nothing of other units."""

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.account import Account
from models.area import Area
from models.matter import Matter
from models.place import Place
from services.system import db
from tests.services.rights import units
from tests.ui.opening import drawn, english, open_page, open_script, press  # noqa: F401

pytestmark = [
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("english"),
]


@pytest.fixture
def work(session: Session, place: Place) -> list[Matter]:
    """One to sign, one under way, one that waits for somebody else; and one of another unit."""
    root = session.get_one(Area, place.area_id)
    made = [
        units.add(session, root, 1, "CL-O-CG", state="dispatched", location="North gate"),
        units.add(session, root, 2, "CL-O-HW"),
        units.add(session, root, 3, "CL-O-CG", state="to_verify"),
        units.add(session, root, 4, "CL-O-XF", state="dispatched", public=True),
    ]
    made[1].repeats_id = made[3].id
    session.commit()
    return made


def state_of(matter: Matter) -> str:
    with db.reading() as other:
        return other.exec(select(Matter.state).where(Matter.number == matter.number)).one()


def said(app: AppTest) -> str:
    words = (app.title, app.subheader, app.markdown, app.caption, app.text)
    parts = (*words, app.success, app.warning, app.button, app.error)
    found = [getattr(part, "value", "") or getattr(part, "label", "") for kind in parts for part in kind]
    return "\n".join([*map(str, found), *(str(link.proto) for link in app.get("page_link")), drawn(app)])


def test_the_first_page_is_what_waits_with_its_steps(session: Session, place: Place, work: list[Matter]) -> None:
    app = open_page(session, place, "unit_clerk", "unit")
    seen = said(app)
    assert all(matter.number in seen for matter in work[:3]) and "Secret 4" not in seen
    assert "**2** wait for you" in seen and "North gate" in seen and "Waiting for others · 1" in seen
    press(app, "Start work", work[0].number)
    assert state_of(work[0]) == "in_progress"
    press(app, "Report as done…", work[1].number)
    app.text_area(key=f"step-{work[1].number}-note").set_value("Swept and carried away.")
    press(app, "Report as done", f"submit-{work[1].number}")
    assert state_of(work[1]) == "to_verify"
    assert "**1** wait for you" in said(app.run())


def test_where_nothing_waits_it_says_so(session: Session, place: Place) -> None:
    app = open_page(session, place, "unit_clerk", "unit")
    assert [box.value for box in app.success] and "Nothing waits for" in app.success[0].value
    account = session.exec(select(Account).where(Account.role == "unit_clerk")).one()
    account.organisation_id = None
    session.add(account)
    session.commit()
    app.run()
    assert "stands for no unit yet" in app.warning[0].value and not app.exception


def test_the_menu_of_a_clerk_is_two_pages(session: Session, place: Place, work: list[Matter]) -> None:
    app = open_page(session, place, "unit_clerk", "issues", open="all")
    assert app.title[0].value == "Matters of my unit"
    assert set(app.dataframe[0].value["title"]) == {matter.title for matter in work[:3]}
    for name in ("overview", "map", "figures", "audit", "imports", "new", "line", "reminders", "organisations"):
        assert open_script(session, place, "unit_clerk", name).error


def test_the_page_of_a_matter_names_nothing_of_another_unit(session: Session, place: Place, work: list[Matter]) -> None:
    seen = said(open_page(session, place, "unit_clerk", "matter", no=work[1].number))
    assert "Secret 2" in seen and "Note of 2" in seen
    assert work[3].number not in seen and "On the map" not in seen and "The whole line" not in seen
    app = open_page(session, place, "unit_clerk", "matter", no=work[3].number)
    assert app.error and "Secret 4" not in said(app)


def test_others_have_no_page_of_a_unit(session: Session, place: Place) -> None:
    for role in ("staff", "grid_worker", "viewer", "admin"):
        assert open_script(session, place, role, "unit").error
