"""Asking by what one may not read is reading it: no answer to a viewer hangs on what he may not see."""

from collections.abc import Callable
from dataclasses import fields
from random import Random

import pytest
from sqlmodel import Session, col, delete, select

import services.registry  # noqa: F401
from models.answer import FOLLOW_UP, REPORTER, Answer
from models.matter import Link, Matter
from models.place import Place
from services.engine import flows
from services.exporting.lists import lists
from services.layers import layers, map_views
from services.matters import asking, case_conditions, kept, matters, search, sorting
from services.matters.filter import Filter
from services.rights.permissions import Actor
from services.system.errors import Refused
from tests.services.figures import raw
from tests.services.public import viewer_eyes as eyes

Actors = Callable[[str], Actor]
ROOT = "430103004008"


@pytest.fixture
def scattered(session: Session, place: Place) -> Session:
    """Matters of all kinds, a third of them public; some texts hold a telephone number."""
    raw.scatter(session, place, 7, 90)
    rng = Random(7)
    for matter in session.exec(select(Matter)):
        matter.public = rng.random() < 0.35
        matter.lng, matter.lat = 112.97 + rng.random() / 100, 28.15
        if rng.random() < 0.3:
            matter.title, matter.description = "t 电话13812345678", "请拨138 1234 5678"
    session.flush()
    search.index(session, session.exec(select(Matter)).all())
    return session


def stir(session: Session) -> None:
    """Change whatever of the matters a viewer does not read."""
    rng = Random(11)
    session.execute(delete(Answer))
    found = list(session.exec(select(Matter).order_by(col(Matter.id))))
    for at, matter in enumerate(found):
        matter.dispatches, matter.returns, matter.reworks = rng.randrange(5), rng.randrange(3), rng.randrange(4)
        matter.repeats_id = rng.choice((None, found[0].id)) if at else None
        matter.source_ref, matter.unrecorded = f"x:{rng.random()}", rng.randrange(512)
        matter.title = matter.title.replace("13812345678", "13987654321")
        matter.description = matter.description.replace("138 1234 5678", "139 8765 4321")
        for question in FOLLOW_UP if rng.random() < 0.5 else ():
            word = "satisfied" if question == "satisfaction" else rng.choice(("yes", "no"))
            session.add(Answer(matter_id=matter.id, category=REPORTER, question=question, value=word))
        if at and rng.random() < 0.3:
            session.add(Link(source_id=matter.id, target_id=found[0].id, kind=rng.choice(("led_to", "duplicate_of"))))
    session.flush()
    search.index(session, found)


def test_it_is_said_of_every_attribute_who_reads_it() -> None:
    plain = {one.name for one in fields(Filter)} - {"path", "flow", "figure", "kept", "sort"}
    assert plain == set(asking.FIELDS) == asking.known("filter")
    assert asking.known("word") == case_conditions.words()
    assert asking.known("sort") == {*sorting.SORTS, *sorting._COLUMNS, "state"}


def test_what_is_not_said_is_the_desks(actor: Actors) -> None:
    viewer = actor("viewer")
    asked = Filter(kept=(("nobody_knows", "yes"),), sort="nobody_knows")
    assert asking.beyond(viewer, asked) == ("nobody_knows", "sort")
    assert asking.beyond(actor("staff"), asked) == ()


@pytest.mark.parametrize(
    "asked",
    [
        {"figure": "solved_rate.numerator"},
        {"figure": "rework_rate.numerator"},
        {"figure": "recurrence_rate.numerator"},
        {"figure": "dispatch_accuracy.denominator"},
        {"figure": "contact_rate.denominator"},
        {"link": "duplicate_of"},
        {"flow": "deliberation", "sort": "-grade"},
        {"flow": "deliberation", "sort": "parties"},
    ],
)
@pytest.mark.parametrize("role", ["viewer"])
def test_who_may_not_read_it_may_not_ask_by_it(
    session: Session, actor: Actors, role: str, asked: dict[str, str]
) -> None:
    with pytest.raises(Refused, match="can't ask by"):
        matters.conditions(session, actor(role), Filter().with_(**asked))
    with pytest.raises(Refused, match="can't ask by"):
        lists.extract(session, actor(role), "matters", asked)
    if "figure" in asked:
        with pytest.raises(Refused, match="can't ask by"):
            layers.packed(session, actor(role), "matters", map_views.read(session, actor(role), asked))
    assert matters.conditions(session, actor("staff"), Filter().with_(**asked))
    left = asking.within(actor(role), Filter().with_(**asked))
    assert not asking.beyond(actor(role), left) and (left.figure, left.link, left.sort) == ("", "", "due")


def test_a_unit_may_ask_by_what_the_history_of_its_matters_tells_and_by_no_more(actor: Actors) -> None:
    clerk = actor("unit_clerk")
    assert asking.beyond(clerk, Filter(figure="rework_rate.numerator", link="duplicate_of")) == ()
    assert asking.beyond(clerk, Filter(flow="deliberation", sort="-grade")) == ("sort",)


def test_what_anybody_reads_of_a_matter_may_be_asked_by(session: Session, actor: Actors) -> None:
    for figure in ("closed_due_rate.numerator", "undated.numerator", "open.numerator"):
        assert matters.conditions(session, actor("viewer"), Filter(figure=figure))
    for flow in flows.flows():
        shown = {name for name in kept.of(flow) if name in flows.flow(flow).words("list", "columns")}
        assert all(not asking.beyond(actor("viewer"), Filter(flow=flow, sort=name)) for name in shown)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_answer_to_a_viewer_hangs_on_what_he_may_not_read(scattered: Session, actor: Actors) -> None:
    viewer = actor("viewer")
    before = eyes.of_lists(scattered, viewer, ROOT)
    stir(scattered)
    eyes.forget()
    after = eyes.of_lists(scattered, viewer, ROOT)
    assert [name for name, said in before.items() if after[name] != said] == []
    assert sum("CL-" in said or "R-" in said for said in before.values()) > 50
    assert not any("1381234" in said for said in before.values())


def test_a_hidden_number_is_not_found_by_searching_for_it(scattered: Session, actor: Actors) -> None:
    for text in ("13812345678", "138", "1381", '"13" "38"', "1234"):
        wanted = Filter(openness="all", text=text)
        assert matters.count(scattered, actor("viewer"), wanted) == 0
        assert matters.count(scattered, actor("viewer"), wanted.with_(text="t")) > 0
    assert matters.count(scattered, actor("viewer"), Filter(openness="all", text="\u7535\u8bdd")) > 0
