"""The board as each role sees it: lanes, cards, and moves that are asked for or taken."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.matter import Matter
from models.place import Place
from services.rights.permissions import Actor
from services.system import db
from tests.ui.opening import english, in_blocks, open_page, press
from tests.walk import Walk

Actors = Callable[[str], Actor]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    made = Walk(session, actor("secretary"), place)
    session.commit()
    return made


def opened(walk: Walk, role: str = "staff", **params: str) -> AppTest:
    return open_page(walk.session, walk.place, role, "board", **params)


def moves(app: AppTest) -> list[str]:
    return [said for said in in_blocks(app) if said.startswith("Steps for ")]


def state(walk: Walk) -> str:
    with db.reading() as other:
        return other.exec(select(Matter.state).where(Matter.number == walk.issue.number)).one()


def test_a_card_says_where_it_stands_and_leads_to_its_matter(walk: Walk) -> None:
    app = opened(walk)
    assert app.title[0].value == "Board: Issue"
    assert "Awaiting intake 1" in " ".join(in_blocks(app))
    assert walk.issue.title in in_blocks(app)


def test_a_viewer_moves_nothing(walk: Walk) -> None:
    walk.issue.public = True
    walk.session.add(walk.issue)
    walk.session.commit()
    assert moves(opened(walk, "staff")) and not moves(opened(walk, "viewer"))


def test_a_step_that_asks_opens_its_form_in_a_window(walk: Walk) -> None:
    app = opened(walk, step=walk.issue.number)
    app.session_state[f"step:{walk.issue.number}"] = "decline"
    app.run()
    assert not app.exception
    app.text_area(f"step-{walk.issue.number}-note").set_value("not ours")
    press(app, "Decline")
    assert state(walk) == "declined"


def test_a_step_that_asks_nothing_is_taken_in_the_window_and_closes_it(walk: Walk) -> None:
    walk.move(walk.issue, "accept", category="90005")
    unit = "CL-O-CG"
    walk.move(walk.issue, "dispatch", unit=unit)
    walk.session.commit()
    app = opened(walk, step=walk.issue.number)
    press(app, "Start work")
    assert state(walk) == "in_progress"
    assert "step" not in app.query_params


@pytest.mark.parametrize(
    "params",
    [
        {"flow": "x"},
        {"step": "<b>"},
        {"step": "CL-1999-000001"},
        {"lanes": "x", "shut": "x,y"},
        {"lane": "<b>", "state": "filed"},
    ],
)
def test_strange_addresses_end_in_a_board(walk: Walk, params: dict[str, str]) -> None:
    assert opened(walk, **params).title[0].value.startswith("Board: ")
