"""A flow that is only a folder: in the menu, on the list, the board, the calendar, the biography and in the files."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from models.matter import Matter
from models.place import Place
from services.engine import flows, workflow
from services.exporting import day_files
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Words
from services.places import playbook
from services.rights.permissions import Actor
from services.system import clock
from tests.services.engine import errands
from tests.ui.opening import english, in_blocks, open_page

Actors = Callable[[str], Actor]
pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
__all__ = ["english"]
TOML = (
    errands.TOML
    + """
[list]
title_zh = "跑腿台账"
title_en = "Errands"
columns = "number title state fetch_on urgent price unit"
filters = "text state urgent"
more = "sort"
bulk = true

[board]
lanes = "state"

[calendar]
days = "due fetch_on"
"""
)
FIELDS = """field,type,of,limit,wide,keep,default,zh,en
fetch_on,day,,,,detail,,取件日,Fetch on
urgent,yes_no,,,,detail,,加急,Urgent
price,money,,,,detail,,费用,Price
"""


@pytest.fixture
def errand(session: Session, place: Place, actor: Actors) -> Iterator[list[Matter]]:
    errands.write(toml=TOML, fields=FIELDS)
    flows.forget()
    playbook._KEPT.forget()
    made = errands.begin(session, actor("staff"), place, 2)
    today = clock.today().isoformat()
    made[0].detail = {"fetch_on": today, "urgent": True, "price": 1250}
    made[1].detail = {"fetch_on": today, "urgent": False, "price": 99}
    made[1].title = "Milk"
    session.add_all(made)
    session.commit()
    yield made
    flows.forget()
    playbook._KEPT.forget()


def page(session: Session, place: Place, name: str, role: str = "staff", **params: str) -> AppTest:
    return open_page(session, place, role, name, **params)


def test_its_list_has_its_columns_filters_and_orders(session: Session, place: Place, errand: list[Matter]) -> None:
    app = page(session, place, "errands", sort="-price")
    assert app.title[0].value == "Errands"
    table = app.dataframe[0].value
    assert list(table.columns) == ["number", "title", "state", "fetch_on", "urgent", "price", "unit"]
    assert list(table["title"]) == ["Bread", "Milk"] and list(table["price"]) == ["12.50", "0.99"]
    assert list(page(session, place, "errands", sort="price").dataframe[0].value["title"]) == ["Milk", "Bread"]
    narrowed = page(session, place, "errands", urgent="yes")
    assert list(narrowed.dataframe[0].value["title"]) == ["Bread"] and narrowed.selectbox("url-urgent").value == "yes"
    assert errand


def test_it_stands_on_the_board_and_moves_by_its_arrows(
    session: Session, place: Place, errand: list[Matter], actor: Actors
) -> None:
    workflow.move(session, actor("staff"), errand[0].number, "go", errand[0].version)
    session.commit()
    app = page(session, place, "board", flow="errand")
    told = " ".join(in_blocks(app))
    assert "Asked 1 " in told and "Under way 1 " in told


def test_its_own_days_stand_in_the_calendar_and_its_file(
    session: Session, place: Place, errand: list[Matter], actor: Actors
) -> None:
    app = page(session, place, "days", flow="errand")
    drawn = "".join(str(found.proto.body) for found in app.get("html"))
    assert "Bread" in drawn and "Milk" in drawn
    told = day_files.extract(session, actor("staff"), {"flow": "errand"})
    assert told.count == 2 and f"{errand[0].number}.errand.fetch_on.".encode() in told.content.replace(b"\r\n ", b"")


def test_it_leaves_as_a_list_under_its_name(session: Session, actor: Actors, errand: list[Matter]) -> None:
    found = lists.extract(session, actor("staff"), "matters", {"flow": "errand", "urgent": "no"})
    assert found.title == "跑腿台账" and found.count == 1
    [row] = found.cells(Words("en"))
    told = dict(zip([column.code for column in found.columns], row, strict=True))
    assert (told["title"], told["price"], told["urgent"], told["fetch_on"]) == ("Milk", 0.99, "No", clock.today())
    assert errand and ("加急", "否") in found.asked


def test_it_is_part_of_the_biography(session: Session, place: Place, errand: list[Matter]) -> None:
    app = page(session, place, "biography", flow="errand")
    drawn = "".join(str(found.proto.body) for found in app.get("html"))
    assert errand[0].number in drawn and "Errand" in drawn


def test_it_is_in_the_menu_under_its_name(session: Session, place: Place, errand: list[Matter]) -> None:
    made = page(session, place, "board").session_state["menu-pages"]
    titles = {name: one.title for name, one in made.items()}
    assert errand and titles["errands"] == "Errand" and titles["deliberations"] == "Talk it over"
