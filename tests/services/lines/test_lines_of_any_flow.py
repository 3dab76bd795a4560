"""The line of a flow that no program knows: it comes from the stations of its states and from what happened."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import begin, links, workflow
from services.lines import broken_lines, lines, today
from services.rights.permissions import Actor
from services.system import clock
from tests import flow_folders

Actors = Callable[[str], Actor]

SIREN = {
    "toml": """
        zh = "警笛"
        en = "Siren"
        [begin]
        fields = "title category? area"
        area = "chosen"
        deadline = "rule:issue.intake"
    """,
    "states": """
state,kind,station,public,waits_for,zh,en
gathering,start,raised,step,staff,收集问题,Gathering
planned,active,discussed,step,staff,提出方案,Planned
whistled,active,acted,step,staff,吹哨通知,Whistled
meeting,active,discussed,step,staff,召开会议,Meeting
agreed,active,decided,step,staff,形成决议,Agreed
delivering,active,acted,step,staff,落实,Delivering
rating,active,judged,step,staff,评价,Rating
closed,done,judged,step,,销号,Closed
dropped,dropped,discussed,step,,退哨,Dropped
""",
    "arrows": """
from,action,to,zh,en,needs,guards,deadline,tone,counts
gathering,plan,planned,提出方案,Plan,,,,primary,
gathering,hurry,whistled,直接吹哨,Hurry,,,,,
planned,whistle,whistled,吹哨,Whistle,,,,primary,
planned,drop,dropped,退哨,Drop,note,,none,,
whistled,meet,meeting,开会,Meet,,,,primary,
whistled,solve,rating,现场解决,Solve,,,,,
meeting,agree,agreed,形成决议,Agree,,,,primary,
agreed,deliver,delivering,落实,Deliver,,children:action:any,,primary,
delivering,rate,rating,评价,Rate,,children:action:closed,,primary,
rating,close,closed,销号,Close,,,,primary,
""",
    "links": """
kind,to,when,does
carried_out_by,action,in:meeting agreed delivering,begin:category area point location sample public
carried_out_by,action,there:create,tell:action_item
""",
    "rights": flow_folders.rights(
        "plan", "hurry", "whistle", "drop", "meet", "solve", "agree", "deliver", "rate", "close"
    ),
}


@pytest.fixture
def folder(database: str) -> Iterator[None]:
    assert database
    flow_folders.write("siren", **SIREN)
    with flow_folders.fresh():
        yield


@pytest.fixture
def siren(folder: None, session: Session, place: Place, actor: Actors) -> Matter:
    assert folder is None
    area = session.get_one(Area, place.area_id)
    return begin.begin(session, actor("staff"), "siren", {"title": "Wires across the lane", "area": area.code})


def walk(session: Session, actor: Actor, matter: Matter, *actions: str) -> list[str]:
    """Take these arrows; the standings of the line afterwards."""
    for action in actions:
        workflow.move(session, actor, matter.number, action, matter.version, {"note": "x"})
    return standings(session, actor, matter)


def standings(session: Session, actor: Actor, matter: Matter) -> list[str]:
    return [stage.standing for stage in lines.of(session, actor, matter).stages]


def promise(session: Session, actor: Actor, matter: Matter) -> Matter:
    told: dict[str, Any] = {"title": "Bundle the wires", "acceptance": "No wire below 3 m"}
    unit = session.exec(select(Organisation.code)).first()
    told |= {"unit": unit, "due": clock.today() + timedelta(days=9)}
    return links.add(session, actor, matter.number, matter.version, "action", told)


def test_every_station_of_a_siren_is_told_from_its_states(session: Session, siren: Matter, actor: Actors) -> None:
    staff = actor("staff")
    assert standings(session, staff, siren) == ["done", "waiting", "waiting", "skipped", "waiting", "waiting"]
    assert walk(session, staff, siren, "plan")[1:] == ["current", "waiting", "skipped", "waiting", "waiting"]
    assert walk(session, staff, siren, "whistle")[1:] == ["done", "waiting", "skipped", "current", "waiting"]
    assert walk(session, staff, siren, "meet")[1:] == ["current", "waiting", "skipped", "waiting", "waiting"]
    assert walk(session, staff, siren, "agree")[1:] == ["done", "done", "skipped", "current", "waiting"]
    item = promise(session, staff, siren)
    assert walk(session, staff, siren, "deliver")[1:] == ["done", "done", "skipped", "current", "waiting"]
    for action in ("start", "deliver", "accept"):
        workflow.move(session, staff, item.number, action, item.version, {"note": "x"})
    assert standings(session, staff, siren)[4] == "done"
    assert walk(session, staff, siren, "rate")[1:] == ["done", "done", "skipped", "done", "current"]
    assert walk(session, staff, siren, "close") == ["done", "done", "done", "skipped", "done", "done"]
    seen = [lines.of(session, staff, matter) for matter in (siren, item)]
    assert seen[0] == seen[1] and seen[0].stages[4].matters == (item,) and seen[0].stages[0].matters == (siren,)


def test_what_a_shorter_way_left_out_was_not_needed(session: Session, siren: Matter, actor: Actors) -> None:
    assert walk(session, actor("staff"), siren, "hurry", "solve") == [
        "done",
        "skipped",
        "skipped",
        "skipped",
        "done",
        "current",
    ]


def test_what_was_dropped_breaks_the_line_where_it_stood(session: Session, siren: Matter, actor: Actors) -> None:
    assert walk(session, actor("staff"), siren, "plan", "drop")[:2] == ["done", "broken"]


def test_breaks_and_agenda_know_a_flow_by_its_rows(session: Session, siren: Matter, actor: Actors) -> None:
    staff, path = actor("staff"), session.get_one(Area, siren.area_id).path
    walk(session, staff, siren, "plan", "whistle", "meet", "agree")
    with clock.pretending(clock.now() + timedelta(days=31)):
        line = lines.of(session, staff, siren)
        assert [gap.params for gap in line.breaks] == [{"days": 31}] and line.stages[4].standing == "broken"
        assert broken_lines.breaks(session, staff, path) == line.breaks
        found = today.agenda(session, staff, path)
        assert [row.matter.number for row in found.serious] == [siren.number]
    item = promise(session, staff, siren)
    with clock.pretending(clock.now() + timedelta(days=31)):
        assert [gap.number for gap in lines.of(session, staff, siren).breaks] == [item.number]
        assert [gap.number for gap in broken_lines.breaks(session, staff, path)] == [item.number]
