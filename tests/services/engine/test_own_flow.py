"""A flow of an office's own: every type of field read, kept and refused; its guards, its checklist, its faults."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from services.engine import begin, checklists, checks, events, fields, flows, workflow
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.words.i18n import translate
from tests import own_flow
from tests.own_flow import log, own
from tests.refusing import refused, refused_move

Actors = Callable[[str], Actor]
pytestmark = pytest.mark.usefixtures("own")
__all__ = ["own"]


def first(session: Session, table: Any, **told: Any) -> Any:
    query = select(table)
    for name, value in told.items():
        query = query.where(getattr(table, name) == value)
    return session.exec(query).first()


@pytest.fixture
def staff(actor: Actors) -> Actor:
    return actor("staff")


@pytest.fixture
def entered(session: Session, place: Place) -> dict[str, Any]:
    """Everything that ``log`` asks for, also what may be left out."""
    root = session.get_one(Area, place.area_id)
    body = Organisation(code="WY-1", name="Property", kind="property", path="WY-1/", area_id=root.id)
    unit = Organisation(code="DW-1", name="Unit", kind="unit", path="DW-1/", area_id=root.id)
    post = Office(code="GW-1", title="Head", kind="grid_head", area_id=root.id)
    session.add_all([body, unit, post])
    session.flush()
    return log(
        promised_on=clock.today() + timedelta(days=9),
        seen_at=clock.now() - timedelta(hours=3),
        helper=body.code,
        told_by=body.code,
        hall=first(session, Venue).code,
        council=first(session, Forum).code,
        post=post.code,
        corner=root.code,
        spot="118.05, 24.61",
    )


@pytest.fixture
def walking(session: Session, place: Place, staff: Actor) -> Matter:
    code = session.get_one(Area, place.area_id).code
    made = begin.begin(session, staff, "round", {"title": "Evening round", "area": code})
    return workflow.move(session, staff, made.number, "walk", made.version, {})


def test_every_type_is_read_written_and_kept(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any], place: Place
) -> None:
    issue = issues.create(session, staff, issues.NewIssue(title="Lamp", area_id=place.area_id))
    workflow.move(session, staff, walking.number, "log", walking.version, entered | {"twin": issue.number})
    told = events.history(session, walking.id)[-1].data or {}
    assert (told["cost"], told["safe"], told["households"], told["weather"]) == (1250, True, 40, "sun")
    assert (told["spot"], told["twin"], told["told_by"]) == ([118.05, 24.61], issue.number, "WY-1")
    assert date.fromisoformat(told["promised_on"]) == clock.today() + timedelta(days=9)
    assert walking.detail == {
        name: told[name] for name in ("weather", "households", "cost", "promised_on", "helper", "told_by")
    }


def test_what_may_be_left_out_may_be_left_out(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any]
) -> None:
    for name in ("hall", "council", "post", "corner", "spot", "told_by"):
        entered[name] = ""
    workflow.move(session, staff, walking.number, "log", walking.version, entered)
    assert "hall" not in (events.history(session, walking.id)[-1].data or {})


WRONG: list[tuple[str, Any, str]] = [
    ("remark", " \0", "Write a sentence."),
    ("remark", "x" * 41, "The text is 41 characters long. Shorten it to 40."),
    ("weather", "snow", "Choose one of the answers offered."),
    ("weather", ["sun"], "Choose one of the answers offered."),
    ("households", 0, "Enter a whole number between 1 and 900: Households."),
    ("households", True, "Enter a whole number between 1 and 900: Households."),
    ("met", 41, "No more than 40 can be counted. Check the numbers."),
    ("cost", "12.505", "Enter an amount in yuan up to 5000, with at most two decimals: Cost."),
    ("cost", "nan", "Enter an amount in yuan up to 5000, with at most two decimals: Cost."),
    ("cost", -1, "Enter an amount in yuan up to 5000, with at most two decimals: Cost."),
    ("cost", "9" * 5000, "Enter an amount in yuan up to 5000, with at most two decimals: Cost."),
    ("safe", "perhaps", "Choose yes or no: Safe."),
    ("safe", 1, "Choose yes or no: Safe."),
    ("promised_on", None, "Choose a date."),
    ("seen_at", "2026-02-30", "There is no such date: 2026-02-30. Choose one from the calendar."),
    ("helper", "DW-1", "Choose from the list: Helper."),
    ("told_by", "DW-1", "Choose from the list: Told by."),
    ("hall", "NOWHERE", "Choose from the list: Hall."),
    ("council", "NOWHERE", "Choose from the list: Council."),
    ("post", "NOWHERE", "Choose from the list: Post."),
    ("corner", "NOWHERE", "Choose from the list: Corner."),
    ("spot", "north gate", "Enter longitude and latitude, with a comma between them: Spot."),
    ("spot", "nan, 1", "Enter longitude and latitude, with a comma between them: Spot."),
    ("twin", "CL-1999-000001", "Enter the number of the other matter: Twin."),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_every_type_is_refused_with_the_next_step(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any], name: str, value: Any, sentence: str
) -> None:
    assert str(refused_move(session, staff, walking, "log", **entered | {name: value})) == sentence


@pytest.mark.parametrize("days", [-1, 31])
def test_a_guard_says_between_which_days(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any], days: int
) -> None:
    entered["promised_on"] = clock.today() + timedelta(days=days)
    found = refused_move(session, staff, walking, "log", **entered)
    assert str(found).startswith(f"Choose a day between {clock.today()} and")


def test_a_refusal_speaks_the_reader_s_language(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any]
) -> None:
    own = refused_move(session, staff, walking, "log", **entered | {"remark": ""})
    assert translate("zh_CN", own.message, **own.params) == "请写一句话。"
    general = refused_move(session, staff, walking, "log", **entered | {"hall": "NOWHERE"})
    assert translate("zh_CN", general.message, **general.params).endswith("场所。")


def test_a_required_question_holds_the_matter_back(session: Session, staff: Actor, walking: Matter) -> None:
    found = refused_move(session, staff, walking, "finish")
    assert str(found).endswith("1 are open, the first: Was every door knocked at?")
    assert "门都敲过了吗" in translate("zh_CN", found.message, **found.params)
    assert refused_move(session, staff, walking, "turn").message == found.message
    told = {"doors": ("no", "Two were away.")}
    checklists.answer(session, staff, walking.number, walking.version, told)
    workflow.move(session, staff, walking.number, "finish", walking.version, {})
    assert walking.state == "done"


def test_what_stays_or_is_dropped_waits_for_no_answer(
    session: Session, staff: Actor, walking: Matter, entered: dict[str, Any]
) -> None:
    workflow.move(session, staff, walking.number, "log", walking.version, entered)
    workflow.move(session, staff, walking.number, "drop", walking.version, {"note": "Rain."})
    assert walking.state == "dropped"


def test_the_newest_answer_counts_and_each_is_on_the_chain(session: Session, staff: Actor, walking: Matter) -> None:
    for said in ("no", "yes", "yes"):
        checklists.answer(session, staff, walking.number, walking.version, {"doors": (said, "")})
    told = [event.data for event in events.history(session, walking.id) if event.action == checklists.ACTION]
    assert told == [{"question": "doors", "answer": "no"}, {"question": "doors", "answer": "yes"}]
    assert checklists.answers(session, walking)["doors"].answer == "yes"


def test_open_questions_are_a_queue(session: Session, staff: Actor, walking: Matter, place: Place) -> None:
    path = session.get_one(Area, place.area_id).path
    assert (checklists.waiting(session, path, "round"), checklists.waiting(session, path, "issue")) == (1, 0)
    checklists.answer(session, staff, walking.number, walking.version, {"photo": ("yes", "")})
    assert checklists.waiting(session, path, "round") == 1
    checklists.answer(session, staff, walking.number, walking.version, {"doors": ("not_applicable", "")})
    assert checklists.waiting(session, path, "round") == 0


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, "Choose an answer to at least one question."),
        ({"doors": ("perhaps", "")}, "Choose one of the answers offered."),
        ({"nothing": ("yes", "")}, "stands in another state now"),
        ({"doors": ("yes", "x" * 301)}, "The remark is 301 characters long. Shorten it to 300."),
    ],
)
def test_an_answer_is_refused_with_the_next_step(
    session: Session, staff: Actor, walking: Matter, told: dict[str, tuple[str, str]], sentence: str
) -> None:
    found = refused(session, checklists.answer, staff, walking.number, walking.version, told)
    assert sentence in str(found)


def test_only_who_may_take_a_step_may_answer(session: Session, actor: Actors, walking: Matter) -> None:
    told = {"doors": ("yes", "")}
    for role in ("admin", "viewer"):
        with pytest.raises(Refused):
            checklists.answer(session, actor(role), walking.number, walking.version, told)


def test_the_folder_has_no_fault() -> None:
    assert list(checks.faults_of(flows.flow("round"))) == []


def test_an_alias_is_the_field_under_another_name() -> None:
    found = fields.called("round", "told_by")
    assert found is not None and (found.type, found.called) == ("organisation", "told_by")


FIELDS = own_flow.FILES["fields.csv"]
ARROWS = own_flow.FILES["arrows.csv"]
FAULTS: list[tuple[str, str, str, str]] = [
    ("fields", "remark,text", "remark,prose", "row 2: type of remark is prose. Write text code count"),
    (
        "fields",
        "weather,code,weather",
        "weather,code,clouds",
        "row 3: weather takes its codes from clouds, which are no words.",
    ),
    ("fields", "helper,organisation,property", "helper,organisation,people", "row 10: of of helper is people"),
    ("fields", "说法,Remark", ",Remark", "row 2: zh of remark is empty. Write it in both languages."),
    ("fields", "请写一句话。,", ",", "row 2: refusal_zh of remark is empty."),
    ("fields", "text,,40", "text,,forty", "row 2: limit of remark is forty. Write 1 … 4000."),
    ("fields", "promised_on,day,,,", "promised_on,day,,9..3,", "row 8: limit of promised_on is 9..3. Write -60..366."),
    ("fields", "safe,yes_no,,", "safe,yes_no,,7", "row 7: limit of safe is 7, which its type doesn't take."),
    ("fields", "today+7", "next week", "row 8: default of promised_on is next week. Write today+7"),
    (
        "fields",
        "yes,detail,,天气",
        "yes,unit,,天气",
        "row 3: keep of weather is unit. Write event detail",
    ),
    ("fields", "Write a sentence.", "Write {this}.", "row 2: refusal_en of remark has a placeholder"),
    ("fields", "met,count", "remark,count", "row 5: remark stands here a second time."),
    (
        "fields",
        "told_by,,,,,,,转告单位,Told by",
        "told_bye,,,,,,,转告单位,Told by",
        "row 3: told_by has no name. Add a row",
    ),
    (
        "arrows",
        "walk,walking,出发,Set out,note?",
        "walk,walking,出发,Set out,shoes",
        "no row of fields.csv gives shoes a type",
    ),
    (
        "arrows",
        "drop,dropped,取消,Drop,note",
        "drop,dropped,取消,Drop,title",
        "row 6: title is set when a matter begins.",
    ),
    ("arrows", ",field:promised_on:0..30 ", ",field:promised_on:soon ", "the guard field can't take promised_on:soon."),
    ("arrows", "within:households:met", "within:households", "the guard within can't take households. Write within"),
    ("arrows", "within:households:met", "within:people:met", "row 3: the guard within looks at people. Add people"),
    (
        "arrows",
        "within:households:met,none",
        "within:households:met,given",
        "the deadline given comes from the field due",
    ),
]


@pytest.mark.parametrize(("file", "right", "wrong", "sentence"), FAULTS)
def test_a_wrong_row_is_one_sentence(own: Path, file: str, right: str, wrong: str, sentence: str) -> None:
    text = {"fields": FIELDS, "arrows": ARROWS}[file]
    assert right in text
    own_flow.write(own.parents[1], **{file: text.replace(right, wrong, 1)})
    own_flow.read_again()
    found = [one.message.format(file=one.file, row=one.row, **one.params) for one in checks.faults()]
    assert any(sentence in one for one in found), found
    assert all(one.startswith("flows/round/") for one in found)
