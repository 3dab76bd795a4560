"""What an arrow asks for: read, or refused with a sentence, whatever was entered."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place, Venue
from services.engine import events, fields, flows, workflow
from services.engine.definition import Field
from services.flows.deliberation import deliberations
from services.flows.deliberation.deliberations import NewTopic
from services.flows.issue import issues
from services.flows.issue.issues import NewIssue
from services.rights.permissions import Actor
from services.system import clock, flow_files
from services.system.errors import NotFound, Refused
from services.system.settings import ROOT
from services.words import vocabulary
from tests.refusing import refused_move
from tests.walk import Walk

Actors = Callable[[str], Actor]


# What only reads what was entered looks at neither.
NO_SESSION: Any = None
NO_MATTER: Any = None


def field(kind: str, of: str = "", limit: str = "") -> Field:
    return Field("issue", "thing", kind, tuple(of.split()), limit, False, "", "")


def grid(session: Session, code: str) -> Area:
    return session.exec(select(Area).where(Area.code == code)).one()


@pytest.fixture
def narrow(session: Session, actor: Actors) -> Actor:
    """Staff of the first grid alone."""
    area = grid(session, "CL-G1")
    return replace(actor("staff"), area_path=area.path, area_id=area.id)


@pytest.fixture
def ours(session: Session, narrow: Actor) -> Matter:
    return issues.create(session, narrow, NewIssue(title="ours", area_id=narrow.area_id))


@pytest.fixture
def elsewhere(session: Session) -> Area:
    """The root of another place."""
    root = Area(code="999999", name="Elsewhere", level="community", path="999999/")
    session.add(root)
    session.flush()
    session.add(Place(slug="elsewhere", name="Elsewhere", prefix="EW", area_id=root.id))
    session.flush()
    return root


def test_an_issue_is_not_merged_into_one_of_another_area(
    session: Session, actor: Actors, narrow: Actor, ours: Matter
) -> None:
    theirs = issues.create(session, actor("secretary"), NewIssue(title="theirs", area_id=grid(session, "CL-G2").id))
    foreign = refused_move(session, narrow, ours, "merge", duplicate_of=theirs.number)
    absent = refused_move(session, narrow, ours, "merge", duplicate_of="CL-2026-999999")
    assert (foreign.message, foreign.params) == (absent.message, absent.params)


def test_an_issue_is_merged_into_one_of_the_same_area(session: Session, narrow: Actor, ours: Matter) -> None:
    stays = issues.create(session, narrow, NewIssue(title="first", area_id=narrow.area_id))
    workflow.move(session, narrow, ours.number, "merge", ours.version, {"duplicate_of": f" {stays.number} "})
    assert events.history(session, stays.id)[-1].action == "absorb"


def test_the_responsible_unit_lies_around_the_matter(
    session: Session, elsewhere: Area, narrow: Actor, ours: Matter
) -> None:
    for at, area in enumerate((elsewhere, grid(session, "CL-G2"))):
        session.add(Organisation(code=f"FAR-{at}", name="far", kind="unit", path=f"FAR-{at}/", area_id=area.id))
    workflow.move(session, narrow, ours.number, "accept", ours.version, {"category": "01037"})
    for code in ("FAR-0", "FAR-1", "FAR\0", ""):
        found = refused_move(session, narrow, ours, "dispatch", unit=code)
        assert found.message == "Choose the unit that is responsible."


def test_a_meeting_is_held_in_its_own_place(session: Session, place: Place, actor: Actors, elsewhere: Area) -> None:
    known = session.exec(select(Venue)).first()
    assert known
    session.add(Venue(**known.model_dump(exclude={"id"}) | {"code": "FAR", "area_id": elsewhere.id}))
    walk = Walk(session, actor("secretary"), place).discuss()
    told = {"starts_at": datetime.now(UTC), "expected": 3}
    assert refused_move(session, walk.actor, walk.topic, "notify", venue="FAR", **told).message.startswith("Choose")
    walk.move(walk.topic, "notify", venue=known.code, **told)


@pytest.mark.parametrize("kind", ["day", "moment"])
@pytest.mark.parametrize(
    "entered",
    ["0001-01-01", "9999-12-31", "1899-12-31", "2201-01-01", date.min, date.max, datetime.max, "x", "", "9" * 5000],
)
def test_a_date_nobody_can_mean_is_refused(session: Session, ours: Matter, kind: str, entered: Any) -> None:
    with pytest.raises(Refused, match="There is no such date"):
        fields.TYPES[kind](session, ours, field(kind), entered)


@pytest.mark.parametrize("kind", ["day", "moment"])
@pytest.mark.parametrize("entered", [None, 20260101, 1.5])
def test_what_is_no_date_is_refused(session: Session, ours: Matter, kind: str, entered: Any) -> None:
    with pytest.raises(Refused, match="Choose a date"):
        fields.TYPES[kind](session, ours, field(kind), entered)


DIRTY = "a\0b\x1b\u202ec\r\nd"


def test_control_signs_are_left_out_of_an_issue_and_its_notes(session: Session, place: Place, actor: Actors) -> None:
    entered = NewIssue(title=DIRTY, description=DIRTY, location=DIRTY, area_id=place.area_id)
    made = issues.create(session, actor("staff"), entered)
    issues.note(session, actor("staff"), made.number, made.version, DIRTY)
    session.commit()
    session.refresh(made)
    assert {made.title, made.description, made.location} == {"abc\nd"}
    assert events.history(session, made.id)[-1].note == "abc\nd"


def test_control_signs_are_left_out_of_a_topic(session: Session, place: Place, actor: Actors) -> None:
    walk = Walk(session, actor("secretary"), place).discuss()
    _, forum = deliberations.detail(session, walk.topic)
    made = deliberations.create(session, walk.actor, NewTopic(title=DIRTY, description=DIRTY, forum=forum.code))
    session.flush()
    assert (made.title, made.description) == ("abc\nd", "abc\nd")
    with pytest.raises(Refused, match="Shorten"):
        deliberations.create(session, walk.actor, NewTopic(title="t", description="x" * 4001, forum=forum.code))


def test_a_number_with_control_signs_is_an_absent_one(session: Session, actor: Actors) -> None:
    with pytest.raises(NotFound):
        workflow.load(session, actor("staff"), "CL\0\ud800")


@given(value=st.one_of(st.text(max_size=60), st.integers(), st.none(), st.binary(max_size=9)))
def test_a_text_is_clean_and_short_or_refused(value: Any) -> None:
    try:
        found = fields.TYPES["text"](NO_SESSION, NO_MATTER, field("text", limit="40"), value)
    except Refused as refused:
        assert str(refused)
    else:
        assert 1 <= len(found) <= 40 and found == found.strip() and "\0" not in found


@given(value=st.one_of(st.integers(), st.booleans(), st.floats(), st.text(max_size=5), st.none()))
def test_a_count_is_a_whole_number_between_its_limits_or_refused(value: Any) -> None:
    right = isinstance(value, int) and not isinstance(value, bool) and 3 <= value <= 900
    try:
        found = fields.TYPES["count"](NO_SESSION, NO_MATTER, field("count", limit="3..900"), value)
    except Refused:
        assert not right
    else:
        assert right and found == value


@given(fen=st.integers(0, 10_000_000_000))
def test_money_is_kept_to_the_fen(fen: int) -> None:
    for entered in (f"{fen // 100}.{fen % 100:02d}", float(f"{fen // 100}.{fen % 100:02d}")):
        assert fields.TYPES["money"](NO_SESSION, NO_MATTER, field("money"), entered) == fen


@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    told = fields.TYPES["moment"](NO_SESSION, NO_MATTER, field("moment"), moment.isoformat())
    assert told.replace(tzinfo=None) == moment and told.tzinfo is not None
    assert fields.TYPES["day"](NO_SESSION, NO_MATTER, field("day"), moment) == moment.date()


@given(days=st.integers(-400, 400))
def test_a_day_lies_where_its_limit_says(days: int) -> None:
    wanted = clock.today() + timedelta(days=days)
    try:
        found = fields.TYPES["day"](NO_SESSION, NO_MATTER, field("day", limit="-60..366"), wanted)
    except Refused:
        assert not -60 <= days <= 366
    else:
        assert found == wanted and -60 <= days <= 366


def _rows() -> list[dict[str, str]]:
    return [*flow_files.shared("fields.csv"), *flow_files.rows("fields.csv")]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['flow']}.{row['field']}")
def test_every_row_of_a_field_is_used_and_has_a_name_in_both_languages(row: dict[str, str]) -> None:
    name, _dot, action = row["field"].partition(".")
    all_flows = [row["flow"]] if row["flow"] else flows.flows()
    arrows = [arrow for flow in all_flows for arrow in (*flows.arrows(flow), flows.birth(flow))]
    asked = {(need.name, arrow.action) for arrow in arrows for need in arrow.needs}
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "services").rglob("*.py"))
    if action:
        assert (name, action) in asked, f"No arrow {action} asks for {name}. Take the row out."
    else:
        told = {*vocabulary.codes("ledger_unit"), *(one for one, _ in asked)}
        assert name in told or re.search(rf'["\']{name}["\']|\b{name}=', code), "Take it out."
    for flow in all_flows:
        said = [vocabulary.term(f"{'ask' if action else 'field'}.{flow}", row["field"], one) for one in ("zh_CN", "en")]
        assert all(said) and said[0] != said[1]
