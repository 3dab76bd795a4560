"""The register of venues: kinds and states counted, services on and off, states changed with a line in the audit."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import AuditLine
from models.place import Place, Venue
from services.figures import card_evidence
from services.keep.verify import verify
from services.parts import items
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused
from services.venues import register, venue_services
from services.venues.register import Asked
from services.venues.venue_services import NewService
from tests.refusing import refused


def _root(session: Session, place: Place) -> Area:
    return session.get_one(Area, place.area_id)


def test_states_are_counted_changed_and_found_as_evidence(
    session: Session, place: Place, actor: Callable[[str], Actor]
) -> None:
    root, who = _root(session, place), actor("secretary")
    before = register.entries(session, root.path)
    venue = before[0].venue
    register.change_state(session, who, venue.code, "open", "building")
    after = register.entries(session, root.path, Asked(state="building"))
    assert [(row.venue.code, row.now) for row in after] == [(venue.code, "shut")]
    cells = register.by_state(register.entries(session, root.path)).cells
    assert sum(row["building"] for row in cells.values()) == 1
    assert sum(sum(row.values()) for row in cells.values()) == len(before)
    by_area = register.by_area(session, root.id, before).cells
    assert sum(sum(row.values()) for row in by_area.values()) == len(before)
    assert card_evidence.gather(session, root, "venues?state=building").count == 1
    line = session.exec(select(AuditLine).order_by(col(AuditLine.seq).desc())).first()
    assert line is not None
    assert (line.act, line.subject) == ("venue.state", venue.code)
    session.commit()
    for code, seen, state in ((venue.code, "open", "closed"), (venue.code, "building", "building")):
        refused(session, register.change_state, who, code, seen, state)
    refused(session, register.change_state, actor("grid_worker"), venue.code, "building", "open")
    assert verify(session).found == 0


def test_services_go_on_and_off(session: Session, place: Place, actor: Callable[[str], Actor]) -> None:
    root, who = _root(session, place), actor("staff")
    venue = session.exec(select(Venue).order_by(col(Venue.code))).first()
    assert venue is not None
    owner = next(iter(venue_services.owners(session, who, root)))
    made = [
        venue_services.offer(session, who, venue.code, NewService(organisation=owner, kind="service", name=name))
        for name in ("Rest", "Charge")
    ]
    items.switch(session, who, made[0].id, False)
    row = next(row for row in register.entries(session, root.path) if row.venue.code == venue.code)
    assert (row.running, len(row.services)) == (1, 2)
    items.switch(session, who, made[0].id, True)
    assert made[0].withdrawn_at is None
    with pytest.raises(Refused, match="just now"):
        items.switch(session, who, made[0].id, True)
    with pytest.raises(Refused, match="Choose the organisation"):
        venue_services.offer(session, who, venue.code, NewService(organisation="nobody", kind="service", name="x"))


def test_a_venue_without_readable_hours_is_neither_open_nor_closed(session: Session, place: Place) -> None:
    rows = register.entries(session, _root(session, place).path)
    assert {row.now for row in rows if row.venue.hours.startswith("按")} == {"unknown"}
    with clock.pretending(clock.start_of(clock.today())):
        rows = register.entries(session, _root(session, place).path)
    assert {row.now for row in rows if row.venue.kind == "party_centre"} == {"shut"}
