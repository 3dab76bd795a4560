"""Merges: one issue stays, the others lead to it; undone, everything is as if they had never been merged."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.event import Event
from models.matter import Link, Matter
from models.place import Place
from services.engine import events, workflow
from services.flows.issue import issues, merges
from services.keep.verify import verify
from services.lines import lines
from services.places import form_choices
from services.rights.permissions import Actor
from services.system import clock
from services.system.errors import Refused

Actors = Callable[[str], Actor]


@pytest.fixture
def desk(session: Session, place: Place, actor: Actors) -> "Desk":
    return Desk(session, place, actor("secretary"))


class Desk:
    def __init__(self, session: Session, place: Place, actor: Actor) -> None:
        self.session, self.place, self.actor = session, place, actor

    def raised(self, title: str = "Lamp out") -> Matter:
        return issues.create(self.session, self.actor, issues.NewIssue(title=title, area_id=self.place.area_id))

    def filed(self) -> Matter:
        return self.move(self.raised(), "accept", category="01037")

    def closed(self, matter: Matter) -> Matter:
        self.move(matter, "dispatch", unit=next(iter(form_choices.units(self.session, matter))))
        self.move(matter, "start")
        self.move(matter, "finish", note="New bulb")
        return self.move(matter, "verify")

    def merged(self, matter: Matter, stays: Matter) -> Matter:
        return self.move(matter, "merge", duplicate_of=stays.number)

    def parted(self, matter: Matter) -> Matter:
        return self.move(matter, "unmerge", note="Another lamp")

    def move(self, matter: Matter, action: str, **inputs: object) -> Matter:
        return workflow.move(self.session, self.actor, matter.number, action, matter.version, inputs)

    def said(self, matter: Matter) -> list[str]:
        return [event.action for event in events.history(self.session, matter.id)]


@pytest.mark.parametrize("state", ["submitted", "filed"])
def test_an_undone_merge_leaves_the_issue_where_it_was(desk: Desk, state: str) -> None:
    goes, stays = desk.raised() if state == "submitted" else desk.filed(), desk.filed()
    due = goes.due_at
    desk.merged(goes, stays)
    assert (goes.state, goes.is_open, goes.due_at, goes.on_time) == ("merged", False, None, None)
    desk.parted(goes)
    assert (goes.state, goes.is_open, goes.due_at, goes.closed_at) == (state, True, due, None)
    assert merges.into(desk.session, goes) is None and merges.absorbed(desk.session, stays) == []
    assert desk.said(goes)[-2:] == ["merge", "unmerge"] and desk.said(stays)[-2:] == ["absorb", "release"]
    desk.merged(goes, stays)
    assert goes.state == "merged" and verify(desk.session).problems == []


def test_a_merge_of_an_earlier_version_gets_the_deadline_of_its_state_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes, stays = desk.filed(), desk.filed()
    due = goes.due_at
    desk.merged(goes, stays)
    told = desk.session.exec(select(Event).where(Event.matter_id == goes.id, Event.action == "merge")).one()
    before = Event(**told.model_dump() | {"data": {"duplicate_of": stays.number}})  # the log can't be changed
    monkeypatch.setattr(merges, "_merging", lambda _session, _matter: before)
    desk.parted(goes)
    assert due and goes.due_at and abs(goes.due_at - due) < timedelta(seconds=1)


def test_a_chain_ends_at_the_one_that_stays_and_a_circle_cannot_be_made(desk: Desk) -> None:
    first, second, third = desk.filed(), desk.filed(), desk.filed()
    desk.merged(first, second)
    desk.merged(second, third)
    assert merges.staying(desk.session, first).id == third.id
    assert [one.id for one in merges.absorbed(desk.session, third)] == [first.id, second.id]
    for target in (first, second, third):
        with pytest.raises(Refused, match="the one that stays"):
            desk.merged(third, target)
    desk.parted(second)
    assert merges.staying(desk.session, first).id == second.id
    assert merges.absorbed(desk.session, third) == []


def test_what_is_closed_stays_only_for_what_was_raised_before(desk: Desk) -> None:
    early, stays = desk.raised(), desk.closed(desk.filed())
    desk.merged(early, stays)
    assert merges.staying(desk.session, early).state == "closed"
    with clock.pretending(clock.now() + timedelta(minutes=5)):
        with pytest.raises(Refused, match="Reopen it first"):
            desk.merged(desk.raised(), stays)
        desk.parted(early)
        assert early.state == "submitted" and stays.state == "closed"
        declined = desk.move(desk.raised(), "decline", note="not ours")
        with pytest.raises(Refused, match="Reopen it first"):
            desk.merged(early, declined)


def test_what_came_in_as_merged_is_not_undone(desk: Desk) -> None:
    alone = desk.raised()
    alone.state, alone.is_open = "merged", False
    with pytest.raises(Refused, match="Raise it anew"):
        desk.parted(alone)


def test_only_who_may_merge_there_undoes_a_merge(desk: Desk, actor: Actors) -> None:
    goes, stays = desk.raised(), desk.filed()
    desk.merged(goes, stays)
    with pytest.raises(Refused, match="may not do this"):
        workflow.move(desk.session, actor("grid_worker"), goes.number, "unmerge", goes.version, {"note": "x"})


def test_the_line_of_a_merged_issue_is_that_of_the_one_that_stays(desk: Desk) -> None:
    goes, stays = desk.raised(), desk.filed()
    desk.merged(goes, stays)
    line = lines.of(desk.session, desk.actor, goes)
    assert line == lines.of(desk.session, desk.actor, stays)
    assert {one.id for one in line.stages[0].matters} == {goes.id, stays.id}
    assert desk.session.exec(select(Link.kind).where(Link.source_id == goes.id)).all() == ["duplicate_of"]
