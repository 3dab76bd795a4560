"""Agreement 协议: drafted, signed by every party, kept clause by clause with evidence, renewed or ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import begin, deadlines, workflow
from services.keep.verify import verify
from services.lines import reminders
from services.looks import days
from services.matters import matters
from services.matters.filter import Filter
from services.parts import clauses, corrections, parties
from services.parts.parties import NewParty
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from tests.refusing import refused


def _end(day: date) -> datetime:
    return clock.end_of(day) - timedelta(minutes=1)


Actors = Callable[[str], Actor]


@dataclass
class Agreeing:
    """An agreement under way, and who works on it."""

    session: Session
    actor: Actor
    root: Area
    units: list[Organisation]
    number: str = ""

    def begin(self, until: int = 30) -> None:
        told = {"title": "Joint building with the property company", "area": self.root.code, "unit": self.units[0].code}
        today = clock.today()
        told |= {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=until)).isoformat()}
        self.number = begin.begin(self.session, self.actor, "agreement", told).number

    @property
    def matter(self) -> Matter:
        return self.session.exec(select(Matter).where(Matter.number == self.number)).one()

    def do(self, function: Callable[..., Matter], *told: Any) -> None:
        function(self.session, self.actor, self.number, self.matter.version, *told)

    def move(self, action: str, **told: Any) -> None:
        workflow.move(self.session, self.actor, self.number, action, self.matter.version, told)

    def refused(self, function: Callable[..., Matter], *told: Any) -> Refused:
        self.session.commit()
        return refused(self.session, function, self.actor, self.number, self.matter.version, *told)

    def in_force(self, *due: date | None) -> None:
        self.begin()
        for day in due:
            self.do(clauses.write, "Ten parking spaces are opened at night.", day)
        for unit in self.units:
            self.do(parties.invite, NewParty(organisation=unit.code, part="signatory"))
        for party in parties.parties_of(self.session, self.matter):
            self.do(parties.sign, party.id)
        self.move("conclude")
        self.move("take_effect")


@pytest.fixture
def agreeing(session: Session, place: Place, actor: Actors) -> Agreeing:
    units = list(session.exec(select(Organisation).order_by(col(Organisation.id)).limit(2)))
    return Agreeing(session, actor("secretary"), session.get_one(Area, place.area_id), units)


def test_it_is_signed_by_all_and_not_without_a_clause(agreeing: Agreeing) -> None:
    agreeing.begin()
    for unit in agreeing.units:
        agreeing.do(parties.invite, NewParty(organisation=unit.code, part="signatory"))
    first, second = parties.parties_of(agreeing.session, agreeing.matter)
    agreeing.do(parties.sign, first.id)
    with pytest.raises(Refused, match="Not everybody"):
        agreeing.move("conclude")
    agreeing.do(parties.sign, second.id)
    with pytest.raises(Refused, match="No clause is written"):
        agreeing.move("conclude")
    agreeing.do(clauses.write, "Ten parking spaces are opened at night.")
    agreeing.move("conclude")
    assert "not done where" in agreeing.refused(clauses.write, "One more.").message
    assert "not done where" in agreeing.refused(clauses.fulfil, 1, "Photograph 3.").message


def test_the_next_clause_is_the_deadline_everywhere(agreeing: Agreeing) -> None:
    today = clock.today()
    late, soon = today - timedelta(days=3), today + timedelta(days=5)
    agreeing.in_force(soon, late, None)
    session, actor, matter = agreeing.session, agreeing.actor, agreeing.matter
    assert matter.due_at == _end(late) and deadlines.standing(matter) == "overdue"
    rows = matters.listing(session, actor, Filter(path=agreeing.root.path, flow="agreement", clock="overdue"), 9, 0)[1]
    assert [row.matter.number for row in rows] == [agreeing.number] and rows[0].beside["clauses"] == "0 / 3"
    owing = {one.code: one.counts["overdue"] for one in reminders.owing(session, actor, agreeing.root.path)}
    assert owing[agreeing.units[0].code] == 1
    asked = days.Asked(Filter(path=agreeing.root.path), ("agreement",))
    found = days.page(session, actor, asked, days.Span(late, soon), 9)
    told = {(entry.source, day.date) for day in found for entry in day.entries}
    assert {("clause", late), ("clause", soon), ("due", late)} <= told
    agreeing.do(clauses.fulfil, 2, "Minutes of 3 May.")
    assert agreeing.matter.due_at == _end(soon)
    agreeing.do(clauses.drop, 1, "The car park is closed.")
    assert agreeing.matter.due_at == _end(today + timedelta(days=30))
    until = (today + timedelta(days=9)).isoformat()
    agreeing.do(corrections.correct, {"valid_until": until}, "Typed wrong.")
    assert agreeing.matter.due_at == _end(today + timedelta(days=9))
    rows = matters.listing(session, actor, Filter(path=agreeing.root.path, flow="agreement"), 9, 0)[1]
    assert rows[0].beside["clauses"] == "1 / 2"


def test_it_ends_when_every_clause_is_settled_or_goes_on(agreeing: Agreeing) -> None:
    agreeing.in_force(None)
    agreeing.move("evaluate")
    with pytest.raises(Refused, match="not settled"):
        agreeing.move("end", note="The term is over.")
    today = clock.today()
    with pytest.raises(Refused, match="later than the start"):
        agreeing.move("renew", valid_from=today.isoformat(), valid_until=today.isoformat())
    agreeing.move("renew", valid_from=today.isoformat(), valid_until=(today + timedelta(days=400)).isoformat())
    assert agreeing.matter.due_at == _end(today + timedelta(days=400))
    agreeing.do(clauses.find_broken, 1, "Seen on 3 May.")
    agreeing.move("evaluate")
    agreeing.move("end", note="The term is over.")
    assert (agreeing.matter.is_open, verify(agreeing.session).found) == (False, 0)
