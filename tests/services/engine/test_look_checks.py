"""A word that no list, board or calendar knows ends at start in one sentence that says what to write instead."""

from collections.abc import Iterator

import pytest

import services.registry  # noqa: F401
from services.engine import checks, flows, look_checks
from services.exporting.lists import matter_columns
from services.looks import board, days
from services.system.errors import Refused
from tests.services.engine import errands
from ui.frame import filters, menu

LIST = '\n[list]\ncolumns = "number {column}"\nfilters = "text {filter}"\n[board]\nlanes = "{lanes}"\n'
DAYS = '[calendar]\ndays = "due {days}"\n'
FIELDS = "field,type,keep,zh,en\nfetch_on,day,detail,取件日,Fetch on\nurgent,yes_no,detail,加急,Urgent\n"
SOUND = {"column": "fetch_on", "filter": "urgent", "lanes": "station", "days": "fetch_on"}


@pytest.fixture(autouse=True)
def _fresh(database: str) -> Iterator[None]:
    assert database
    flows.forget()
    yield
    flows.forget()


def written(**words: str) -> None:
    errands.write(toml=errands.TOML + (LIST + DAYS).format(**SOUND | words), fields=FIELDS)
    flows.forget()
    checks.check()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_kept_fields_are_columns_filters_and_days() -> None:
    written()
    assert flows.flow("errand").words("calendar", "days") == ("due", "fetch_on")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "word"), [("column", "wieght"), ("filter", "fetch_on"), ("lanes", "unit"), ("days", "urgent")]
)
def test_another_word_is_refused_with_those_that_are_known(name: str, word: str) -> None:
    with pytest.raises(Refused) as refused:
        written(**{name: word})
    assert refused.value.params["file"] == "flows/errand/flow.toml" and refused.value.params["value"] == word
    assert SOUND[name] in str(refused.value.params["known"]).split() or name == "lanes"


def test_what_the_checks_know_is_what_the_looks_can_show() -> None:
    assert set(look_checks.COLUMNS) <= {*matter_columns.COLUMNS, "public"}
    assert set(look_checks.DAYS) == set(days.SOURCES) and look_checks.LANES == board.LANES
    assert set(look_checks.FILTERS) == set(filters.KNOWN) and set(look_checks.SECTIONS) == set(menu.SECTIONS)


STANDS = """
[page]
parts = "{parts}"
[parties]
part = "whistled"
sign = "{sign}"
[meeting]
state = "{meeting}"
[import]
state = "{row}"
"""
STATES = {"parts": "parties", "sign": "asked going", "meeting": "going", "row": "asked"}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "word"), [("parts", "partys"), ("sign", "signing"), ("meeting", "met"), ("row", "filed"), ("row", "home")]
)
def test_a_state_or_part_that_is_not_there_is_refused(name: str, word: str) -> None:
    errands.write(toml=errands.TOML + STANDS.format(**STATES))
    flows.forget()
    checks.check()
    errands.write(toml=errands.TOML + STANDS.format(**STATES | {name: word}))
    flows.forget()
    with pytest.raises(Refused) as refused:
        checks.check()
    assert refused.value.params["file"] == "flows/errand/flow.toml" and refused.value.params["value"] == word


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_flows_that_take_any_ledger_are_refused() -> None:
    errands.write(toml=errands.TOML + "\n[import]\ndefault = true\n")
    flows.forget()
    with pytest.raises(Refused, match="too"):
        checks.check()
