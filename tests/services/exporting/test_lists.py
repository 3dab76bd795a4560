"""Every list as it leaves: the rows and columns of the page, for the same reader."""

from collections.abc import Callable, Mapping

import pytest
from sqlmodel import Session, select

import services.registry  # noqa: F401
from models.area import Area
from models.organisation import Organisation
from models.place import Place
from services.engine import workflow
from services.exporting.lists import lists
from services.exporting.lists.list_columns import Cell, Extract, Words
from services.exporting.sheet_styles import FORMATS
from services.flows.issue import issues
from services.matters import list_addresses, matters
from services.parts import items
from services.places import areas
from services.rights.permissions import Actor, reads_unit
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words.vocabulary import codes

Actors = Callable[[str], Actor]


def taken(session: Session, actor: Actor, name: str, **params: str) -> tuple[Extract, list[dict[str, Cell]]]:
    found = lists.extract(session, actor, name, params)
    named = [column.code for column in found.columns]
    return found, [dict(zip(named, cells, strict=True)) for cells in found.cells(Words("zh_CN"))]


@pytest.fixture
def three(session: Session, place: Place, actor: Actors) -> list[str]:
    grids = areas.descend(session, session.get_one(Area, place.area_id).path, "grid")
    titles = ["3栋路灯不亮", "=东门电动车飞线充电", "楼道堆放杂物"]
    made = [
        issues.create(session, actor("staff"), issues.NewIssue(title=title, area_id=grids[at].id))
        for at, title in enumerate(titles)
    ]
    workflow.move(session, actor("staff"), made[0].number, "accept", made[0].version, {"category": "01037"})
    workflow.move(session, actor("staff"), made[2].number, "decline", made[2].version, {"note": "no"})
    made[0].public = True
    session.add(made[0])
    session.flush()
    owner = session.exec(select(Organisation.id).where(Organisation.area_id == place.area_id)).first() or 0
    items.offer(session, actor("admin"), items.NewItem(organisation_id=owner, kind="service", name="磨刀"))
    return [matter.number for matter in made]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"open": "all", "sort": "number"},
        {"open": "closed"},
        {"state": "filed"},
        {"category": "01037"},
        {"q": "灯"},
        {"q": "灯 飞线"},
        {"clock": "on_track"},
        {"from": "2020-01-01", "to": "2020-02-01"},
        {"from": "nonsense", "clock": "never", "open": "<b>", "page": "7", "lang": "en"},
        {"flow": "action"},
        {"flow": "deliberation"},
        {"flow": "deliberation", "forum": "CL-F-MQ", "sort": "-area"},
    ],
)
@pytest.mark.usefixtures("three")
def test_the_ledger_leaves_with_exactly_the_rows_in_view(
    session: Session, actor: Actors, params: Mapping[str, str]
) -> None:
    for role in ("secretary", "viewer", "admin"):
        reader = actor(role)
        here = areas.scope(session, reader, None)
        flow = params.get("flow", "issue")
        shown = matters.page(session, reader, list_addresses.read(params, here.path, flow), 50)
        found, rows = taken(session, reader, "matters", **params)
        assert [row["number"] for row in rows] == [row.matter.number for row in shown]
        assert found.count == len(rows)


def test_a_row_says_what_the_page_says(session: Session, actor: Actors, three: list[str]) -> None:
    found, [row] = taken(session, actor("secretary"), "matters", q="路灯", clock="on_track")
    assert (row["number"], row["title"], row["state"], row["clock"]) == (three[0], "3栋路灯不亮", "已立案", "正常")
    assert (row["opened"], row["closed"]) == (clock.today(), None)
    assert row["area"] == "第一网格"
    assert found.asked == (("时限", "正常"), ("搜索", "路灯"), ("排序", "期限最近"))
    assert found.unit == "赤岭路社区"
    assert found.notes[-1].startswith("示例数据"), "Whoever holds the paper must know that the records are generated."


def test_a_viewer_takes_only_what_is_public_and_nothing_internal(
    session: Session, actor: Actors, three: list[str]
) -> None:
    _, rows = taken(session, actor("viewer"), "matters", open="all")
    assert [row["number"] for row in rows] == three[:1]
    inside = {"source_ref", "public", "dispatches", "returns", "reworks"}
    assert not inside & set(rows[0])
    assert inside <= set(taken(session, actor("staff"), "matters", open="all")[1][0])
    assert "open" not in taken(session, actor("viewer"), "organisations")[1][0]
    topics, _ = taken(session, actor("viewer"), "matters", flow="deliberation")
    assert not {"grade", "parties"} & {column.code for column in topics.columns}


def test_the_smallest_area_and_a_building_with_its_estate(session: Session, place: Place, actor: Actors) -> None:
    building = areas.descend(session, session.get_one(Area, place.area_id).path, "building")[0]
    estate = session.get_one(Area, building.parent_id)
    issues.create(session, actor("staff"), issues.NewIssue(title="灯", area_id=building.id))
    [row] = taken(session, actor("staff"), "matters", area=building.code)[1]
    assert row["area"] == f"{estate.name} {building.name}"


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("role", codes("role"))
def test_every_list_leaves_for_whoever_may_open_its_page(session: Session, actor: Actors, role: str) -> None:
    for name in lists.LISTS:
        if lists.offered(actor(role), name):
            _sound(session, actor(role), name)
        else:
            desk = name.startswith("audit") or name in ("calls", "estates", "coverage", "posts")
            assert desk or (role == "unit_clerk" and name != "matters")
            with pytest.raises(NotFound):
                lists.extract(session, actor(role), name, {})


def _sound(session: Session, reader: Actor, name: str) -> None:
    asked = {"of": "areas?level=estate"} if name == "records" else {}
    place = session.exec(select(Place)).one()
    found, rows = taken(session, reader, name, area=session.get_one(Area, place.area_id).code, **asked)
    assert found.count == len(rows)
    assert rows or name in ("audit_lines", "calls") or reads_unit(reader), "No unit has a part in them."
    told = [column.code for column in found.columns]
    assert len(told) == len(set(told))
    assert {column.kind for column in found.columns} <= set(FORMATS)
    printed = [column.printed for column in found.columns]
    assert printed == sorted(printed, reverse=True), "Printed columns stand first: they are the print area."
    assert all(column.label and column.meaning.endswith(".") for column in found.columns)


@pytest.mark.usefixtures("three")
def test_the_public_gets_no_small_figure(session: Session, actor: Actors) -> None:
    staff = {(row["area"], row["indicator"]): row for row in taken(session, actor("staff"), "indicators")[1]}
    public = {(row["area"], row["indicator"]): row for row in taken(session, actor("viewer"), "indicators")[1]}
    assert staff["第一网格", "在办事项"]["numerator_n"] == 1
    hidden = public["第一网格", "在办事项"]
    assert (hidden["shown"], hidden["numerator_n"], hidden["value"]) == (Words("zh_CN").say("not shown"), None, None)
    assert public.keys() == staff.keys()


@pytest.mark.usefixtures("three")
def test_figures_leave_with_their_definitions_and_n(session: Session, actor: Actors) -> None:
    found, rows = taken(session, actor("staff"), "indicators", period="all")
    first = {row["indicator"]: row for row in rows if row["area"] == "赤岭路社区"}
    assert (first["立案数"]["numerator_n"], first["立案数"]["shown"]) == (3, "3")
    share = first["按期结案率"]
    assert (share["denominator_n"], share["value"], share["shown"]) == (0, None, Words("zh_CN").say("No cases"))
    assert share["definition"] and share["source"] and share["mark"] in ("V", "S", "M")
    assert {meaning.term for meaning in found.meanings} == {row["indicator"] for row in rows}


def test_the_rules_and_the_trail_follow_their_own_search(session: Session, actor: Actors, three: list[str]) -> None:
    _, rows = taken(session, actor("staff"), "rules", rule="临期")
    assert [row["code"] for row in rows] == ["clock.due_soon"]
    secretary = actor("secretary")
    assert {row["number"] for row in taken(session, secretary, "audit")[1]} == set(three)
    assert {row["actor"] for row in taken(session, secretary, "audit", who="staff")[1]} == {"staff"}


@pytest.mark.parametrize(("name", "params"), [("secrets", {}), ("matters", {"area": "430100"}), ("", {})])
@pytest.mark.usefixtures("place")
def test_what_is_not_there_is_not_found(session: Session, actor: Actors, name: str, params: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        lists.extract(session, actor("staff"), name, params)


def test_a_place_without_a_pack_has_no_cards(session: Session, place: Place, actor: Actors) -> None:
    place.slug = "elsewhere"
    session.add(place)
    session.flush()
    with pytest.raises(Refused, match="no cards"):
        lists.extract(session, actor("staff"), "cards", {})
