"""Links as data: two small flows of a test's own, every effect at the other end, and what is refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Link, Matter
from models.place import Place
from services.engine import begin, checks, events, flows, links, workflow
from services.keep.verify import verify
from services.matters import search
from services.rights.permissions import Actor
from services.system.errors import Refused
from services.words.vocabulary import Word
from tests import flow_folders
from tests.refusing import refused, refused_move

Actors = Callable[[str], Actor]

CALL = {
    "toml": """
        zh = "呼叫"
        en = "Call"
        [begin]
        fields = "title description? category? area"
        area = "chosen"
        deadline = "rule:issue.intake"
        arrow = "hand_in"
    """,
    "states": """
state,kind,station,public,waits_for,zh,en
new,start,raised,step,staff,新,New
waiting,active,raised,step,staff,待办,Waiting
sent,active,acted,step,staff,已派,Sent
closed,done,acted,step,,办结,Closed
""",
    "arrows": """
from,action,to,zh,en,needs,guards,deadline,tone,counts
new,hand_in,waiting,提交,Hand in,,,,primary,
waiting sent,send,sent,派人,Send,errand:title where:area,,,primary,
sent,close,closed,办结,Close,note,tied:sent_out:closed,,primary,
sent,again,waiting,退回,Again,note,,,,
waiting sent,announce,=,公开,Announce,,,,,
""",
    "fields": """
field,type,of,limit,wide,keep,default,zh,en
errand,text,,120,,,,差事,Errand
where,area,,,,,,地点,Where
""",
    "links": """
kind,to,when,does
sent_out,errand,here:send,begin:description category sample
sent_out,errand,there:finish,move:close
sent_out,errand,there:refuse,move:again
sent_out,errand,there:*,tell:action_step
sent_out,errand,here:announce,publish
helped_by,favour,in:waiting,begin:category area
helped_by,favour,there:create,tell:action_item
""",
    "rights": flow_folders.rights("hand_in", "send", "close", "again", "announce"),
}
ERRAND = {
    "toml": 'zh = "跑腿"\nen = "Errand"\n[begin]\nfields = "title area"\narea = "chosen"\nsource = "meeting"',
    "states": """
state,kind,station,public,waits_for,zh,en
open,start,acted,step,staff,进行中,Open
done,done,acted,step,,完成,Done
refused,dropped,acted,step,,拒绝,Refused
""",
    "arrows": """
from,action,to,zh,en,needs,guards,deadline,tone,counts
open,finish,done,完成,Finish,,,,primary,
open,refuse,refused,拒绝,Refuse,note,,,,
""",
    "rights": flow_folders.rights("finish", "refuse"),
}
FAVOUR = ERRAND | {"toml": 'zh = "帮忙"\nen = "Favour"\n[begin]\nfields = "title"'}


@pytest.fixture
def folders(database: str) -> Iterator[None]:
    assert database
    for code, files in (("call", CALL), ("errand", ERRAND), ("favour", FAVOUR)):
        flow_folders.write(code, **files)
    with flow_folders.fresh():
        yield


@pytest.fixture
def call(folders: None, session: Session, place: Place, actor: Actors) -> Matter:
    assert folders is None
    area = session.get_one(Area, place.area_id)
    told = {"title": "The gate is stuck", "category": "90005", "area": area.code}
    return begin.begin(session, actor("staff"), "call", told)


def grid(session: Session) -> Area:
    return session.exec(select(Area).where(Area.level == "grid").order_by(Area.code)).all()[0]


def move(session: Session, actor: Actor, matter: Matter, action: str, **inputs: Any) -> Matter:
    return workflow.move(session, actor, matter.number, action, matter.version, inputs)


def send(session: Session, actor: Actor, call: Matter, title: str = "Open it by hand") -> Matter:
    move(session, actor, call, "send", area=grid(session).code, title=title)
    return links.tied(session, call, "sent_out")[-1]


def told(session: Session, matter: Matter, action: str) -> list[dict[str, Any] | None]:
    return [event.data for event in events.history(session, matter.id) if event.action == action]


@pytest.mark.usefixtures("folders")
def test_the_folders_are_sound() -> None:
    assert [fault for fault in checks.faults() if "label" not in fault.message] == []


def test_a_flow_without_a_line_of_program_is_begun(session: Session, place: Place, call: Matter) -> None:
    assert (call.flow, call.state, call.area_id, call.source) == ("call", "waiting", place.area_id, "staff")
    assert call.number.startswith(f"{place.prefix}-") and call.due_at is not None and call.category == "90005"
    assert [event.action for event in events.history(session, call.id)] == ["create", "hand_in"]
    assert session.exec(select(Matter).where(search.matching(session, "gate"))).all() == [call]
    assert verify(session).problems == []


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize(
    ("role", "changed"),
    [("viewer", {}), ("grid_worker", {}), ("staff", {"title": " "}), ("staff", {"area": "?"}), ("staff", {"area": ""})],
)
def test_a_birth_that_is_refused_leaves_nothing(
    session: Session, place: Place, actor: Actors, role: str, changed: dict[str, str]
) -> None:
    area = session.get_one(Area, place.area_id)
    refused(session, begin.begin, actor(role), "call", {"title": "Stuck", "area": area.code} | changed)


@pytest.mark.usefixtures("folders")
def test_what_hangs_on_another_is_not_begun_by_itself(session: Session, place: Place, actor: Actors) -> None:
    assert place
    found = refused(session, begin.begin, actor("staff"), "favour", {"title": "Hold the ladder"})
    assert found.message == "{flow} is begun from another matter. Open that one and add it there."
    assert found.params == {"flow": Word("flow", "favour")}


def test_an_arrow_begins_the_other_end_copies_and_ties_it(session: Session, call: Matter, actor: Actors) -> None:
    errand = send(session, actor("staff"), call)
    assert (errand.flow, errand.state, errand.title) == ("errand", "open", "Open it by hand")
    assert (errand.category, errand.area_id) == (call.category, grid(session).id)
    assert links.children(session, call, "errand") == [errand] and links.origins(session, errand) == [call]
    assert told(session, call, "send")[0] == {
        "area": grid(session).code,
        "title": errand.title,
        "sent_out": errand.number,
    }
    assert told(session, errand, "create") == [{"origin": call.number}]


def test_an_arrow_there_moves_this_one_and_is_heard_here(session: Session, call: Matter, actor: Actors) -> None:
    errand = send(session, actor("staff"), call)
    move(session, actor("staff"), errand, "finish")
    assert (call.state, call.is_open) == ("closed", False)
    assert told(session, call, "action_step") == [{"number": errand.number, "state": "done"}]
    assert events.history(session, call.id)[-1].note in ("", errand.number)
    assert verify(session).problems == []


def test_a_dropped_one_gives_it_back_and_one_that_stands_elsewhere_is_left_alone(
    session: Session, call: Matter, actor: Actors
) -> None:
    staff = actor("staff")
    first, second = send(session, staff, call), send(session, staff, call, "Call the locksmith")
    move(session, staff, first, "refuse", note="No key.")
    assert call.state == "waiting"
    move(session, staff, second, "refuse", note="Too late.")
    assert call.state == "waiting" and len(told(session, call, "again")) == 1


def test_publishing_makes_both_ends_public(session: Session, call: Matter, actor: Actors) -> None:
    errand = send(session, actor("staff"), call)
    assert not call.public and not errand.public
    move(session, actor("staff"), call, "announce")
    assert call.public and errand.public


def test_an_effect_asks_for_no_second_right_and_reaches_what_the_actor_cannot_see(
    session: Session, call: Matter, actor: Actors
) -> None:
    errand = send(session, actor("staff"), call)
    here = grid(session)
    neighbour = Actor(None, "neighbour", "staff", here.path, here.id)
    refused(session, workflow.load, neighbour, call.number)
    move(session, neighbour, errand, "finish")
    assert session.get_one(Matter, call.id).state == "closed"


def test_a_refusal_inside_an_effect_takes_everything_back(session: Session, call: Matter, actor: Actors) -> None:
    first, second = send(session, actor("staff"), call), send(session, actor("staff"), call, "Call the locksmith")
    found = refused_move(session, actor("staff"), first, "finish")
    assert found.params == {"flow": Word("flow", "errand"), "number": second.number}


def test_a_birth_inside_an_arrow_that_is_refused_takes_the_arrow_back(
    session: Session, call: Matter, actor: Actors
) -> None:
    refused_move(session, actor("staff"), call, "send", area=grid(session).code, title="")


def test_a_person_begins_one_where_it_may_be_and_the_first_hears_of_it(
    session: Session, call: Matter, actor: Actors
) -> None:
    staff, before = actor("staff"), call.version
    assert [link.to for link in links.may_begin(session, staff, call)] == ["favour"]
    assert links.may_begin(session, actor("grid_worker"), call) == []
    favour = links.add(session, staff, call.number, call.version, "favour", {"title": "Hold the ladder"})
    assert (favour.parent_id, favour.category, call.version) == (call.id, call.category, before + 1)
    assert told(session, call, "action_item") == [{"number": favour.number, "title": "Hold the ladder"}]
    assert links.tied(session, call, "helped_by") == links.children(session, call, "favour") == [favour]
    assert links.origins(session, favour) == [call]
    refused(session, links.add, staff, call.number, before, "favour", {"title": "Again"})
    send(session, staff, call)
    assert links.may_begin(session, staff, call) == []
    found = refused(session, links.add, staff, call.number, call.version, "favour", {"title": "Again"})
    assert found.message.startswith("From where {number} stands now, no {flow} is added.")


def test_links_that_lead_in_a_circle_end_in_a_refusal_and_are_found_at_start(
    database: str, session: Session, place: Place, actor: Actors
) -> None:
    assert database
    ping = "\nwaiting sent,ping,=,推,Ping,,,,,"
    ties = "\nsent_out,errand,here:ping,move:pong\nsent_out,errand,there:pong,move:ping"
    flow_folders.write(
        "call", **CALL | {"arrows": CALL["arrows"].rstrip() + ping, "links": CALL["links"].rstrip() + ties}
    )
    flow_folders.write("errand", **ERRAND | {"arrows": ERRAND["arrows"].rstrip() + "\nopen,pong,=,应,Pong,,,,,"})
    flow_folders.write("favour", **FAVOUR)
    for code in ("call", "errand"):
        rights = ["hand_in", "send", "close", "again", "announce", "ping", "finish", "refuse", "pong"]
        flow_folders.write(code, rights=flow_folders.rights(*rights))
    with flow_folders.fresh():
        found = [fault for fault in checks.faults_of(flows.flow("call")) if "leads back" in fault.message]
        assert [(fault.file, fault.params["action"]) for fault in found] == [
            ("flows/call/links.csv", "ping"),
            ("flows/call/links.csv", "pong"),
        ]
        area = session.get_one(Area, place.area_id)
        call = begin.begin(session, actor("staff"), "call", {"title": "Stuck", "area": area.code})
        send(session, actor("staff"), call)
        assert "circle" in refused_move(session, actor("staff"), call, "ping").message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("sent_out,nowhere,here:send,publish", "to is nowhere"),
        ("sent_out,errand,never:send,publish", "when is never"),
        ("sent_out,errand,here:sing,publish", "when is sing"),
        ("sent_out,errand,here:send,dance", "does is dance"),
        ("sent_out,errand,there:finish,move:dance", "does is dance"),
        ("sent_out,errand,there:finish,tell:gossip", "does is gossip"),
        ("sent_out,errand,in:nowhere,begin:title", "when is nowhere"),
        ("sent_out,errand,here:announce,begin:smell", "does is smell"),
        ("sent_out,errand,there:finish,begin:title area", "begin can't go with there"),
        ("sent_out,errand,in:waiting,publish", "publish can't go with in"),
        ("sent_out,errand,there:finish,move", "move needs one word"),
        ("sent_out,errand,here:announce,begin:category", "begin asks for area title"),
        ("sent_out,errand,there:finish,move:send", "move asks for area title"),
        ("lent,favour,in:sent,begin:category area", "a person begins favour by two kinds of tie"),
    ],
)
@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_that_makes_no_sense_is_named(row: str, said: str) -> None:
    flow_folders.write("call", links=CALL["links"].rstrip() + "\n" + row)
    flows.forget()
    found = [fault.message.format(file=fault.file, row=fault.row, **fault.params) for fault in checks.faults()]
    line = len(CALL["links"].strip().splitlines()) + 1
    assert any(sentence.startswith(f"flows/call/links.csv, row {line}: {said}") for sentence in found), found


def test_what_a_person_began_hangs_below_without_a_row(session: Session, call: Matter, actor: Actors) -> None:
    favour = links.add(session, actor("staff"), call.number, call.version, "favour", {"title": "Hold the ladder"})
    assert session.exec(select(Link).where(Link.target_id == favour.id)).all() == []
    assert favour.parent_id == call.id and links.tied(session, call, "helped_by") == [favour]


def test_a_refusal_of_the_guards_says_what_is_still_open(session: Session, call: Matter, actor: Actors) -> None:
    send(session, actor("staff"), call)
    with pytest.raises(Refused, match="Errand CL-"):
        move(session, actor("staff"), call, "close", note="Enough.")
