"""Whistle 吹哨: from the question to the end, with units that sign in, come, deliver, and rate and are rated."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

import services.registry  # noqa: F401
from models.area import Area
from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from models.place import Place, Venue
from services.engine import begin, links, workflow
from services.keep.verify import verify
from services.lines import lines
from services.matters import matters
from services.matters.matters import Filter
from services.meetings import meetings
from services.parts import parties, party_steps
from services.parts.parties import NewParty
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

Actors = Callable[[str], Actor]


class Whistling:
    """A whistle under way, and those who act on it."""

    def __init__(self, session: Session, place: Place, actor: Actors) -> None:
        self.session, self.staff, self.secretary = session, actor("staff"), actor("secretary")
        self.units = list(session.exec(select(Organisation).order_by(col(Organisation.id)).limit(3)))
        root = session.get_one(Area, place.area_id)
        told = {"title": "Charging sheds on fire lanes", "area": root.code}
        self.number = begin.begin(session, self.staff, "whistle", told).number
        self.root = root

    @property
    def matter(self) -> Matter:
        return self.session.exec(select(Matter).where(Matter.number == self.number)).one()

    def move(self, actor: Actor, action: str, **inputs: Any) -> None:
        workflow.move(self.session, actor, self.number, action, self.matter.version, inputs)

    def do(self, function: Callable[..., Matter], actor: Actor, *told: Any) -> None:
        function(self.session, actor, self.number, self.matter.version, *told)

    def clerk(self, unit: Organisation) -> Actor:
        return replace(self.staff, role="unit_clerk", organisation_id=unit.id, organisation_path=unit.path)

    def party(self, at: int) -> Party:
        return parties.parties_of(self.session, self.matter, "whistled")[at]

    def whistle(self) -> None:
        self.move(self.staff, "plan", plan="Fire service and property company settle who does what")
        for unit in self.units:
            self.do(parties.invite, self.secretary, NewParty(organisation=unit.code, part="whistled"))
        self.move(self.secretary, "whistle")

    def meet(self) -> None:
        self.move(self.staff, "assemble")
        venue = self.session.exec(select(Venue)).first()
        assert venue is not None
        starts = clock.now() + timedelta(hours=1)
        self.move(self.staff, "convene", starts_at=starts, venue=venue.code, expected=3)
        self.do(meetings.take_attendance, self.staff, {"expert": 2})
        self.do(meetings.write_resolution, self.staff, "Sheds leave the lanes by Friday.")
        told = {"title": "Move the sheds", "unit": self.units[0].code, "acceptance": "No shed on a lane"}
        due = clock.now() + timedelta(days=5)
        links.add(self.session, self.staff, self.number, self.matter.version, "action", {**told, "due": due})
        for at in (0, 1):
            self.do(parties.attend, self.staff, self.party(at).id, True)

    def deliver(self) -> None:
        item = links.children(self.session, self.matter, "action")[0]
        for actor, action, told in (
            (self.clerk(self.units[0]), "start", {}),
            (self.clerk(self.units[0]), "deliver", {"note": "moved"}),
            (self.staff, "accept", {}),
        ):
            workflow.move(self.session, actor, item.number, action, item.version, told)


@pytest.fixture
def whistling(session: Session, place: Place, actor: Actors) -> Whistling:
    return Whistling(session, place, actor)


def decided(w: Whistling) -> lines.Stage:
    """The station that a whistle goes through with the resolution of its meeting."""
    return next(stage for stage in lines.of(w.session, w.staff, w.matter).stages if stage.code == "decided")


def test_nobody_is_whistled_when_nobody_is_called(whistling: Whistling) -> None:
    w = whistling
    w.move(w.staff, "plan", plan="x")
    with pytest.raises(Refused, match="Call at least one unit"):
        w.move(w.secretary, "whistle")
    w.move(w.staff, "withdraw", note="anew")
    assert w.matter.is_open is False


def test_units_sign_for_themselves_and_one_declines(whistling: Whistling) -> None:
    w = whistling
    w.whistle()
    first, second, third = (w.clerk(unit) for unit in w.units)
    with pytest.raises(Refused):
        w.do(parties.sign, second, w.party(0).id)
    w.do(parties.sign, first, w.party(0).id)
    w.do(parties.sign, second, w.party(1).id)
    with pytest.raises(Refused, match="Not everybody"):
        w.move(w.staff, "assemble")
    w.do(parties.decline, third, w.party(2).id, "not ours")
    with pytest.raises(Refused, match="not done where"):
        w.do(parties.rate, w.staff, w.party(0).id, "satisfied")
    w.meet()
    assert decided(w).standing == "waiting"
    w.move(w.staff, "resolve")
    assert decided(w).standing == "done" and decided(w).at
    with pytest.raises(Refused):
        w.move(w.staff, "review")
    w.deliver()
    w.move(w.staff, "review")
    with pytest.raises(Refused, match="2 units have not rated"):
        w.move(w.staff, "close")
    for at, clerk in ((0, first), (1, second)):
        w.do(parties.rate, w.staff, w.party(at).id, "satisfied")
        w.do(parties.rate_back, clerk, w.party(at).id, "basically")
    told = party_steps.called(w.session, w.staff, w.matter)
    assert [(one.kept, one.promised, one.party.attended) for one in told] == [(1, 1, True), (0, 0, True), (0, 0, None)]
    w.move(w.staff, "close")
    assert not w.matter.is_open
    line = lines.of(w.session, w.staff, w.matter)
    assert {stage.code: stage.standing for stage in line.stages}["judged"] == "done"
    assert [row.matter.number for row in matters.page(w.session, w.staff, Filter(w.root.path, "whistle"), 10)] == [
        w.number
    ]
    w.session.commit()
    assert verify(w.session).problems == []


def test_a_unit_that_keeps_silent_is_the_sub_districts_business(whistling: Whistling) -> None:
    w = whistling
    w.whistle()
    w.move(w.staff, "coordinate", note="no sign of life")
    assert w.matter.returns == 1
    w.move(w.secretary, "whistle_again")
    w.move(w.staff, "coordinate", note="still none")
    w.move(w.secretary, "escalate", note="to the district")
    assert w.matter.state == "escalated" and not w.matter.is_open
