"""Who only joined is idle, a filing is due a year after its last review, and each entry is on the audit."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.audit import AuditLine
from models.matter import Matter
from models.organisation import Filing, Organisation
from models.place import Office, Place
from services.figures.card_evidence import gather
from services.registers import estates, filings, memberships
from services.registers.filings import NewFiling
from services.registers.memberships import NewMember
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

Of = Callable[[str], Actor]


@pytest.fixture
def root(session: Session, place: Place) -> Area:
    return session.get_one(Area, place.area_id)


def body(session: Session, area: Area, code: str, kind: str, above: Organisation | None = None) -> Organisation:
    path = f"{above.path if above else ''}{code}/"
    made = Organisation(
        code=code, name=code, kind=kind, path=path, parent_id=above.id if above else None, area_id=area.id
    )
    session.add(made)
    session.flush()
    return made


def answered(session: Session, area: Area, unit: Organisation, days_ago: int) -> Matter:
    at = clock.now() - timedelta(days=days_ago)
    given: dict[str, Any] = {"flow": "issue", "state": "filed", "title": "t", "area_id": area.id, "unit_id": unit.id}
    made = Matter(number=f"T-{unit.code}-{days_ago}", opened_at=at, opened_month=clock.month_of(at), **given)
    session.add(made)
    session.flush()
    return made


def test_a_member_is_idle_until_it_acts_after_it_joined(session: Session, root: Area, actor: Of) -> None:
    staff, today = actor("staff"), clock.today()
    alliance = body(session, root, "T-A", "alliance")
    firm = body(session, root, "T-F", "enterprise")
    hung = body(session, root, "T-H", "enterprise", alliance)
    answered(session, root, firm, days_ago=40)
    kept = memberships.join(
        session, staff, NewMember(body="T-A", organisation="T-F", joined_on=today - timedelta(days=30))
    )
    found = [one for one in memberships.members(session, root.path) if one.body.id == alliance.id]
    assert {(one.member.code, one.idle) for one in found} == {("T-F", True), ("T-H", True)}
    assert gather(session, root, "idle_members").count >= 2
    answered(session, root, firm, days_ago=2)
    answered(session, root, hung, days_ago=400)
    found = [one for one in memberships.members(session, root.path) if one.body.id == alliance.id]
    assert {(one.member.code, one.actions) for one in found} == {("T-F", 1), ("T-H", 1)}
    with pytest.raises(Refused, match="belongs to this body already"):
        memberships.join(session, staff, NewMember(body="T-A", organisation="T-F", joined_on=today))
    memberships.leave(session, staff, kept.id, today)
    assert "T-F" not in {one.member.code for one in memberships.members(session, root.path)}
    told = session.exec(select(AuditLine.act).where(AuditLine.subject == "T-A")).all()
    assert list(told) == ["membership.write", "membership.end"]


def test_a_cross_appointed_post_is_a_count_at_the_estate(session: Session, root: Area, actor: Of) -> None:
    managed = session.exec(select(Area).where(Area.kind == "managed")).first()
    assert managed is not None
    branch, owners = body(session, managed, "T-B", "party"), body(session, managed, "T-O", "owners")
    seat = Office(code="T-S", title="Secretary", kind="secretary", area_id=managed.id, organisation_id=branch.id)
    session.add(seat)
    session.flush()
    joined = NewMember(body="T-O", office="T-S", joined_on=clock.today())
    memberships.join(session, actor("secretary"), joined)
    assert estates.estate(session, managed).shared == 1  # type: ignore[union-attr]
    assert gather(session, root, "cross_appointments").count == 1
    seat.filled = False
    session.flush()
    assert estates.estate(session, managed).shared == 0  # type: ignore[union-attr]
    with pytest.raises(Refused, match="another body"):
        memberships.join(session, actor("secretary"), joined.model_copy(update={"body": branch.code}))
    with pytest.raises(Refused):
        memberships.join(session, actor("grid_worker"), joined)
    assert owners.id


def test_a_filing_is_due_a_year_after_its_last_review(session: Session, root: Area, actor: Of) -> None:
    staff, today = actor("staff"), clock.today()
    body(session, root, "T-N", "filed_culture")

    def standing() -> str:
        return next(one.standing for one in filings.filings(session, root.path) if one.body.code == "T-N")

    assert standing() == "unfiled"
    with pytest.raises(Refused, match="on file first"):
        filings.review(session, staff, "T-N", today)
    entered = NewFiling(organisation="T-N", number="2025-1", filed_on=today - timedelta(days=366), serves="elders")
    kept = filings.put(session, staff, entered)
    assert standing() == "overdue" and gather(session, root, "reviews?standing=overdue").count >= 1
    kept.filed_on = today - timedelta(days=365 - 30)
    assert standing() == "due"
    kept.filed_on = today - timedelta(days=365 - 31)
    assert standing() == "reviewed"
    filings.review(session, staff, "T-N", today)
    with pytest.raises(Refused, match="today at the latest"):
        filings.review(session, staff, "T-N", today + timedelta(days=1))
    with pytest.raises(Refused, match="today or earlier"):
        filings.put(session, staff, entered.model_copy(update={"filed_on": date.max}))
    assert session.exec(select(Filing.serves).where(Filing.number == "2025-1")).one() == "elders"
