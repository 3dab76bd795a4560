"""Rows that are wrong: each ends in one sentence with the file, the row and what to write; the rows before go on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.engine import checks, flows
from services.rights import permissions
from services.system import flow_files
from services.system.errors import Refused
from services.words import i18n, vocabulary
from tests.databases import forget
from tests.services.engine import errands

S, A, R = errands.STATES, errands.ARROWS, errands.RIGHTS
FIELDS = "field,type,of,limit,wide,keep,default,zh,en\n"
LINKS = "kind,to,when,does\n"


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path))
    monkeypatch.setenv("MULIN_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    forget()
    errands.write()
    checks.reload()
    yield
    forget()


BAD = {
    "an unknown field type": ({"fields": FIELDS + "bread,loaf,,,,,,面包,Bread\n"}, "errand/fields.csv, row 2", "loaf"),
    "a state nobody reaches": ({"states": S + "far,active,acted,none,,远,Far\n"}, "errand/states.csv, row 7", "far"),
    "a state nothing leads out of": (
        {"states": S + "far,active,acted,none,,远,Far\n", "arrows": A + "going,stray,far,走远,Stray,,,,,\n",
         "rights": R + "stray,,area,area,,\n"},
        "errand/states.csv, row 7", "far",
    ),
    "an arrow without a right": ({"rights": R.replace("rest,,area,area,,\n", "")}, "errand/rights.csv", "rest"),
    "a right nobody has": ({"rights": R.replace("rest,,area,area,,", "rest,,,,,")}, "errand/rights.csv, row 4", "rest"),
    "an unknown scope": ({"rights": R.replace("rest,,area", "rest,,anywhere")}, "errand/rights.csv, row 4", "anywhere"),
    "a label missing in English": ({"states": S.replace("Under way", "")}, "errand/states.csv, row 3", "en of going"),
    "a label missing in Chinese": ({"arrows": A.replace("休息", "")}, "errand/arrows.csv, row 3", "zh of rest"),
    "no name": ({"toml": errands.TOML.replace('en = "Errand"\n', "")}, "errand/flow.toml", "en"),
    "a guard with too few arguments": (
        {"arrows": A.replace("Rest,,,", "Rest,,within,")}, "errand/arrows.csv, row 3", "within"),
    "a guard with a wrong argument": (
        {"arrows": A.replace("Rest,,,", "Rest,,within:many,")}, "errand/arrows.csv, row 3", "within:many"),
    "an unknown guard": ({"arrows": A.replace("Rest,,,", "Rest,,tired,")}, "errand/arrows.csv, row 3", "tired"),
    "a link to a flow that isn't there": (
        {"links": LINKS + "discussed_in,nowhere,here:go,publish\n"}, "errand/links.csv, row 2", "nowhere"),
    "a step to a state that isn't there": (
        {"arrows": A.replace("asked,go,going", "asked,go,gone")}, "errand/arrows.csv, row 2", "gone"),
    "a step twice": ({"arrows": A + "asked,go,home,到,Arrive,,,,,\n"}, "errand/arrows.csv, row 7", "go"),
    "two beginnings": ({"states": S.replace("going,active", "going,start")}, "errand/states.csv", "2 states"),
    "an unknown kind": ({"states": S.replace("going,active", "going,busy")}, "errand/states.csv, row 3", "busy"),
    "a station that isn't there": (
        {"states": S.replace("going,active,acted", "going,active,seen acted")}, "errand/states.csv, row 3", "seen"),
    "moved to nowhere": ({"moved": "state,to\ntired,nowhere\n"}, "errand/moved.csv, row 2", "nowhere"),
    "moved from where one still stands": ({"moved": "state,to\nresting,going\n"}, "errand/moved.csv, row 2", "resting"),
    "moved twice": ({"moved": "state,to\nold,going\nold,home\n"}, "errand/moved.csv, row 3", "old"),
    "a broken flow.toml": ({"toml": errands.TOML + "order = \n"}, "errand/flow.toml can't be read", "Correct"),
    "a column that is missing": ({"states": S.replace("station,", "stazione,")}, "errand/states.csv", "station"),
    "an empty file": ({"states": ""}, "errand/states.csv", "state kind"),
    "a row that is too long": (
        {"states": S.replace("Under way", "Under way, soon")}, "errand/states.csv, row 3", "cells"),
    "a quote that never ends": ({"states": S.replace("Under way", '"Under way')}, "errand/states.csv", "as a table"),
}  # fmt: skip


def _refusal() -> Refused:
    with pytest.raises(Refused) as refused:
        checks.reload()
    return refused.value


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_row_is_one_sentence_in_both_languages(name: str) -> None:
    files, where, what = BAD[name]
    errands.write(**files)
    refused = _refusal()
    said = i18n.translate("en", refused.message, **refused.params)
    assert where in said and what in said and said.endswith(".") and said.startswith("flows/")
    chinese = i18n.translate("zh_CN", refused.message, **refused.params)
    assert chinese != said and chinese.endswith("。")


def _not_utf8() -> None:
    (errands.folder() / "states.csv").write_bytes(S.encode("gb18030"))


def _toml_not_utf8() -> None:
    (errands.folder() / "flow.toml").write_bytes(errands.TOML.encode("gb18030"))


def _no_toml() -> None:
    (errands.folder() / "flow.toml").unlink()


def _twice() -> None:
    errands.folder().rename(errands.folder().with_name("issue"))


def _capitals() -> None:
    errands.folder().rename(errands.folder().with_name("Errand"))


def _long() -> None:
    errands.folder().rename(errands.folder().with_name("errands_of_seventeen"))


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (_not_utf8, "flows/errand/states.csv is not UTF-8"),
        (_toml_not_utf8, "flows/errand/flow.toml can't be read"),
        (_no_toml, "flows/errand/flow.toml is missing"),
        (_twice, "flows/issue stands in"),
        (_capitals, "flows/Errand: "),
        (_long, "flows/errands_of_seventeen: "),
    ],
)
def test_a_folder_that_is_wrong_is_one_sentence_too(harm: Callable[[], None], what: str) -> None:
    harm()
    assert what in str(_refusal())


def test_whoever_runs_goes_on_with_the_rows_it_had() -> None:
    before = flow_files.book()
    errands.write(
        states=S.replace("Under way", "Off"), arrows=A.replace("asked,go,going", "asked,go,gone"), rights="x\n"
    )
    assert "rights.csv" in str(_refusal())
    assert flow_files.book() is before
    assert vocabulary.term("state.errand", "going", "en") == "Under way"
    assert flows.arrow("errand", "asked", "go") is not None
    assert "errand.go" in permissions.acts()


def test_sound_rows_are_taken_over_all_at_once() -> None:
    errands.write(
        states=S.replace("Under way", "Off"),
        arrows=A + "asked,skip,home,跳过,Skip,,,,,\n",
        rights=R + "skip,,area,,,\n",
    )
    with flow_files.trying(flow_files.on_disk()):
        assert "errand.skip" in permissions.acts()
    assert "errand.skip" not in permissions.acts(), "what is only tried changes nothing"
    checks.reload()
    assert vocabulary.term("state.errand", "going", "en") == "Off"
    assert (flows.arrow("errand", "asked", "skip") is not None, "errand.skip" in permissions.acts()) == (True, True)


def test_files_that_did_not_change_are_not_read_again() -> None:
    assert flow_files.on_disk() is flow_files.on_disk() is flow_files.book()


def test_a_row_says_its_line_in_the_file() -> None:
    errands.write(states=S.replace("resting,", "\nresting,").replace("home,done", "home,over"))
    assert "row 6" in str(_refusal())
