"""The trail shows the latest events of an area, newest first."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.event import Event
from services.flows.issue import issues
from services.matters import audit_trail
from services.people import accounts
from services.places import areas
from services.rights import audit
from services.rights.permissions import Actor
from services.system import db

ADMIN = Actor(None, "admin", "admin")


@pytest.mark.usefixtures("demo")
def test_the_trail_of_an_area_is_every_event_below_it_newest_first() -> None:
    with db.reading() as session:
        everything = list(session.exec(select(Event.id)))
        grid = session.exec(select(Area).where(Area.code == "CL-G2")).one()
        inside = set(areas.ids_within(session, grid.path))
        found = audit_trail.events(session, ADMIN, grid.path, limit=40)
        assert len(found) == 40 and all(matter.area_id in inside for _, matter in found)
        ids = [event.id for event, _ in found]
        assert ids == sorted(ids, reverse=True)
        assert [event.id for event, _ in audit_trail.events(session, ADMIN, grid.path, limit=41)][:40] == ids
        assert [event.id for event, _ in audit_trail.events(session, ADMIN, "", limit=30)] == sorted(everything)[::-1][
            :30
        ]


@pytest.mark.usefixtures("demo")
def test_the_trail_of_one_person_and_before_a_moment() -> None:
    with db.reading() as session:
        path = session.exec(select(Area.path).where(Area.level == "community")).one()
        name = audit_trail.actors(session, ADMIN)[0]
        mine = audit_trail.events(session, ADMIN, path, name, limit=20)
        assert mine and {event.actor for event, _ in mine} == {name}
        middle = mine[-1][0].at
        assert all(
            event.at < middle for event, _ in audit_trail.events(session, ADMIN, path, name, limit=20, before=middle)
        )


@pytest.mark.usefixtures("place")
def test_nobody_reads_who_worked_elsewhere(session: Session, actor: Callable[[str], Actor]) -> None:
    one, two = (session.exec(select(Area).where(Area.code == code)).one() for code in ("CL-G1", "CL-G2"))
    for name, grid in (("Ours", one), ("Theirs", two)):
        account = accounts.create(
            session, "admin", login=name.lower(), name=name, role="staff", password=None, area_id=grid.id, subject=name
        )
        audit.write(session, "Same name", "sign_in", account.login)
        issues.create(
            session, Actor(None, name, "staff", grid.path, grid.id), issues.NewIssue(title="t", area_id=grid.id)
        )
    audit.write(session, "admin", "backup", "copy.db")
    mine = Actor(None, "Ours", "staff", one.path, one.id)
    assert audit_trail.actors(session, mine) == ["Ours"]
    assert {line.subject for line in audit_trail.lines(session, mine)} == {"ours"}
    assert {line.subject for line in audit_trail.lines(session, actor("secretary"))} == {"ours", "theirs"}
    assert {"ours", "theirs", "copy.db"} <= {line.subject for line in audit_trail.lines(session, ADMIN)}


@pytest.mark.usefixtures("place")
def test_imports_and_exports_of_a_place_are_read_by_who_is_responsible_there(
    session: Session, actor: Callable[[str], Actor]
) -> None:
    secretary = actor("secretary")
    grid = session.exec(select(Area).where(Area.code == "CL-G1")).one()
    account = accounts.create(
        session, "admin", login="ours", name="O", role="staff", password=None, area_id=grid.id, subject="o"
    )
    for act, subject, area in (
        ("import", "ours.xlsx", secretary.area_path),
        ("export", "matters.csv", grid.path),
        ("export", "elsewhere.csv", "430100/999/"),
        ("export", "of-the-city.csv", "430100/"),
        ("import", account.login, "430100/999/"),
        ("import", "before-areas-were-named.xlsx", ""),
        ("backup", "copy.db", ""),
    ):
        audit.write(session, "x", act, subject, {"rows": 1}, area=area)
    seen = {line.subject for line in audit_trail.lines(session, secretary)} - {"chilinglu", "ours"}
    assert seen == {"ours.xlsx", "matters.csv"}
    of_grid = Actor(None, "g", "admin", grid.path, grid.id)
    told = audit_trail.lines(session, of_grid)
    assert [(line.act, line.subject) for line in told] == [("export", "matters.csv"), ("account.create", "ours")]
