"""Scopes: what one word of the permission table opens, said of one matter and of all of them alike."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.matter import Matter
from models.party import Party
from models.place import Place
from services.engine import events, workflow
from services.flows.issue import issues
from services.people import accounts
from services.rights import matter_rights, permissions
from services.rights.permissions import SCOPES, Actor, acts
from services.system import clock
from services.system.errors import NotFound, Refused
from services.words import vocabulary
from tests.services.rights import units

Actors = Callable[[str], Actor]


@pytest.fixture
def units_world(session: Session, place: Place) -> list[Matter]:
    assert place
    return units.world(session)


@pytest.fixture
def granting(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the role ``tester`` do everything in the scope named."""

    def grant(scope: str) -> None:
        table = {(act, "tester"): frozenset(scope.split()) for act in acts()}
        monkeypatch.setattr(permissions, "_grants", lambda: table)
        for module in (permissions, matter_rights):
            monkeypatch.setattr(module, "words_of", lambda _role: frozenset(scope.split()))

    known = acts()
    assert known
    monkeypatch.setattr(permissions, "acts", lambda: known)
    return grant


def seen(session: Session, actor: Actor) -> set[str]:
    """What a list holds, once it is certain that each matter by itself gives the same answer."""
    found = set(session.exec(select(Matter.number).where(*matter_rights.open_to(actor))))
    for matter in session.exec(select(Matter)):
        assert matter_rights.may_with(session, actor, "matter.read", matter) is (matter.number in found), matter
    return found


@pytest.mark.parametrize("scope", ["", *SCOPES, "unit own", "public own", "unit public", "area unit"])
def test_a_list_holds_what_each_matter_by_itself_opens(
    session: Session, place: Place, units_world: list[Matter], granting: Callable[[str], None], scope: str
) -> None:
    account = accounts.create(
        session, "t", login="tester", name="t", role="staff", password=None, area_id=place.area_id, subject="t"
    )
    unit, root = units.organisation(session, "CL-O-CG"), session.get_one(Area, place.area_id)
    grid = session.exec(select(Area).where(Area.code == "CL-G2")).one()
    raised = issues.create(
        session, Actor(account.id, "t", "staff", root.path, root.id), issues.NewIssue(title="Mine", area_id=grid.id)
    )
    below = units.organisation(session, "CL-O-HW").id
    asked, left = [one for one in units_world if one.unit_id not in (unit.id, below)][:2]
    for one, gone in ((asked, None), (left, clock.now())):
        session.add(Party(matter_id=one.id, organisation_id=below, part="x", invited_at=clock.now(), left_at=gone))
    session.flush()
    expected: dict[str, Callable[[Matter], bool]] = {
        "area": lambda _one: True,
        "public": lambda one: one.public,
        "unit": lambda one: one.unit_id in (unit.id, below) or one.id == asked.id,
        "own": lambda one: one.id == raised.id,
    }
    granting(scope)
    for area in (None, root, grid):
        who = Actor(
            account.id,
            "t",
            "tester",
            area.path if area else "",
            area.id if area else None,
            organisation_id=unit.id,
            organisation_path=unit.path,
        )
        inside = [one for one in (*units_world, raised) if area is not grid or one.area_id == grid.id]
        assert seen(session, who) == {
            one.number for one in inside if any(expected[word](one) for word in scope.split())
        }, scope


def test_nobody_without_a_unit_or_an_account_sees_by_them(
    session: Session, units_world: list[Matter], granting: Callable[[str], None]
) -> None:
    assert units_world
    granting("unit own")
    assert seen(session, Actor(None, "t", "tester")) == set()
    assert seen(session, Actor(None, "t", "tester", organisation_id=1)) == set()


@pytest.mark.usefixtures("units_world")
@pytest.mark.parametrize("role", vocabulary.codes("role"))
def test_every_role_reads_the_same_one_by_one_and_in_a_list(session: Session, place: Place, role: str) -> None:
    unit, root = units.organisation(session, "CL-O-WY4"), session.get_one(Area, place.area_id)
    who = Actor(None, role, role, root.path, root.id, organisation_id=unit.id, organisation_path=unit.path)
    found, everything = seen(session, who), list(session.exec(select(Matter)))
    wanted = {
        "unit_clerk": {one.number for one in everything if one.unit_id == unit.id},
        "viewer": {one.number for one in everything if one.public},
    }
    assert found == wanted.get(role, {one.number for one in everything}) and found


def test_what_an_import_brought_nobody_raised(session: Session, place: Place, granting: Callable[[str], None]) -> None:
    account = accounts.create(
        session, "t", login="tester", name="t", role="staff", password=None, area_id=None, subject="t"
    )
    importer = Actor(account.id, "t", "tester")
    matter = units.add(session, session.get_one(Area, place.area_id), 1)
    brought = Matter(number="CL-2026-000002", flow="issue", state="filed", title="x", area_id=1, opened_month=1)
    session.add(brought)
    session.flush()
    events.append(session, brought, importer, "import")
    session.flush()
    granting("own")
    assert matter.number and seen(session, importer) == set()


def test_steps_are_open_to_the_unit_and_to_nobody_beside_it(session: Session, place: Place) -> None:
    root = session.get_one(Area, place.area_id)
    matter = units.add(session, root, 1, "CL-O-HW", state="dispatched")
    ours, above, other = (units.clerk(session, code, root) for code in ("CL-O-HW", "CL-O-CG", "CL-O-YL"))
    for who in (ours, above):
        assert {arrow.action for arrow in workflow.open_arrows(session, who, matter)} == {"start", "send_back"}
    assert workflow.open_arrows(session, other, matter) == []
    with pytest.raises(NotFound):
        workflow.move(session, other, matter.number, "start", matter.version)
    workflow.move(session, ours, matter.number, "start", matter.version)
    assert matter.state == "in_progress"
    with pytest.raises(Refused):
        workflow.move(session, ours, matter.number, "escalate", matter.version, {"note": "x"})
    issues.note(session, ours, matter.number, matter.version, "We come tomorrow.")
    with pytest.raises(NotFound):
        issues.note(session, other, matter.number, matter.version, "x")
    elsewhere = session.exec(select(Area).where(Area.code == "CL-G1")).one()
    assert workflow.open_arrows(session, units.clerk(session, "CL-O-HW", elsewhere), matter) == []
