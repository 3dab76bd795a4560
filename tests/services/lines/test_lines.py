from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models.place import Forum, Place
from services.engine import events
from services.flows.deliberation import deliberations
from services.lines import broken_lines, lines, today
from services.rights.permissions import Actor
from services.system import clock
from tests.walk import Walk

Actors = Callable[[str], Actor]


@pytest.fixture
def walk(session: Session, place: Place, actor: Actors) -> Walk:
    return Walk(session, actor("secretary"), place)


def standings(line: lines.Line) -> list[str]:
    return [stage.standing for stage in line.stages]


def test_an_issue_handled_directly_needs_no_deliberation(session: Session, walk: Walk) -> None:
    line = lines.of(session, walk.actor, walk.issue)
    assert standings(line) == ["done", "skipped", "skipped", "skipped", "waiting", "waiting"]


def test_the_line_is_the_same_from_every_matter_on_it(session: Session, walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    seen = [lines.of(session, walk.actor, matter) for matter in (walk.issue, walk.topic, item)]
    assert {line.head.number for line in seen} == {walk.topic.number}
    assert seen[0] == seen[1] == seen[2]


def test_every_station_of_a_whole_line_is_done(session: Session, walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    walk.publish().finish(item)
    line = lines.of(session, walk.actor, walk.issue)
    assert standings(line) == ["done"] * 6 and line.breaks == []
    assert walk.issue.state == "to_verify"


def test_the_issue_hears_of_every_step_of_its_action_item(session: Session, walk: Walk) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    walk.publish().finish(item)
    heard = [event.data for event in events.history(session, walk.issue.id) if event.action == "action_step"]
    assert [data["state"] for data in heard if data] == ["doing", "delivered", "done"]


def test_a_resolution_without_action_breaks_the_line_after_thirty_days(
    session: Session, walk: Walk, actor: Actors
) -> None:
    walk.discuss().meet().vote()
    walk.move(walk.topic, "resolve")
    assert lines.of(session, walk.actor, walk.topic).breaks == []
    with clock.pretending(clock.now() + timedelta(days=31)):
        line = lines.of(session, walk.actor, walk.topic)
        assert (standings(line)[4], [gap.params for gap in line.breaks]) == ("broken", [{"days": 31}])
        assert [gap.number for gap in broken_lines.breaks(session, actor("staff"), walk.area.path)] == [
            walk.topic.number
        ]


def test_a_topic_that_is_not_taken_up_breaks_the_line_and_its_issue_goes_on(session: Session, walk: Walk) -> None:
    walk.move(walk.issue, "accept", category="90005")
    forum = session.exec(select(Forum).where(Forum.ruleset == "council")).first()
    assert forum
    walk.move(walk.issue, "deliberate", forum=forum.code)
    topic = deliberations.topics_of(session, walk.issue)[0]
    assert standings(lines.of(session, walk.actor, topic))[1:] == ["current", *["waiting"] * 4]
    walk.move(topic, "decline", note="A matter for the police.")
    seen = [lines.of(session, walk.actor, matter) for matter in (walk.issue, topic)]
    assert seen[0] == seen[1]
    assert standings(seen[0]) == ["done", "broken", "skipped", "skipped", "current", "waiting"]


def test_an_issue_that_is_not_taken_on_ends_where_it_was_raised(session: Session, walk: Walk) -> None:
    walk.move(walk.issue, "decline", note="Not ours.")
    line = lines.of(session, walk.actor, walk.issue)
    assert standings(line) == ["broken", *["skipped"] * 5] and line.stages[4].matters == ()


def test_what_was_answered_on_the_spot_needed_no_meeting(session: Session, walk: Walk) -> None:
    walk.discuss()
    with_grade = deliberations.NewTopic(title="Dogs", forum="CL-F-HSL")
    topic = deliberations.create(session, walk.actor, with_grade)
    walk.move(topic, "grade", grade="micro")
    walk.move(topic, "answer", note="On the spot.")
    assert standings(lines.of(session, walk.actor, topic)) == ["done", "done", *["skipped"] * 3, "current"]


def test_a_late_action_item_breaks_the_line(session: Session, walk: Walk, actor: Actors) -> None:
    walk.discuss().meet().vote()
    item = walk.promise()
    with clock.pretending(clock.now() + timedelta(days=20)):
        found = broken_lines.breaks(session, actor("staff"), walk.area.path)
    assert [gap.number for gap in found] == [item.number]


def test_a_viewer_reads_the_line_as_far_as_it_is_public(session: Session, walk: Walk, actor: Actors) -> None:
    viewer = actor("viewer")
    walk.discuss().meet().vote()
    item = walk.promise()
    walk.publish().finish(item)
    published = walk.topic
    assert lines.of(session, viewer, walk.issue) == lines.of(session, walk.actor, walk.issue)
    walk.move(walk.issue, "verify")
    walk.move(walk.issue, "reopen", note="again")
    forum = session.exec(select(Forum).where(Forum.ruleset == "council")).first()
    assert forum
    walk.move(walk.issue, "deliberate", forum=forum.code)
    walk.topic = deliberations.topics_of(session, walk.issue)[0]
    line = lines.of(session, viewer, walk.issue)
    assert line.head == published != walk.topic
    assert all(matter.public for stage in line.stages for matter in stage.matters)
    walk.issue.public, published.public = True, False
    assert standings(lines.of(session, viewer, walk.issue))[1:4] == ["waiting"] * 3


def test_a_new_decision_stays_inside_until_its_own_notice(session: Session, walk: Walk, actor: Actors) -> None:
    viewer = actor("viewer")
    walk.discuss().meet().vote()
    walk.promise()
    walk.publish()
    walk.move(walk.topic, "reconsider", note="The objection holds.")
    walk.vote().move(walk.topic, "resolve")
    assert walk.topic.public
    assert standings(lines.of(session, viewer, walk.topic)) == ["done", "current", *["waiting"] * 4]
    assert standings(lines.of(session, walk.actor, walk.topic))[2] == "done"
    today = clock.today()
    walk.move(walk.topic, "publish", location="gate", starts_on=today, ends_on=today + timedelta(days=6))
    assert lines.of(session, viewer, walk.topic).stages[2].text == "Build it at the north gate."


def test_the_agenda_brings_the_meeting_and_what_waits(session: Session, walk: Walk, actor: Actors) -> None:
    walk.discuss().meet()
    agenda = today.agenda(session, actor("staff"), walk.area.path)
    assert [sitting.matter.number for sitting in agenda.sittings] == [walk.topic.number]
    assert walk.topic.number in [row.matter.number for row in agenda.waiting]
    assert today.agenda(session, actor("grid_worker"), walk.area.path).waiting == []


def test_what_is_overdue_comes_to_the_agenda(session: Session, walk: Walk, actor: Actors) -> None:
    with clock.pretending(clock.now() + timedelta(days=3)):
        agenda = today.agenda(session, actor("staff"), walk.area.path)
    assert agenda.counts["overdue"] == 1 and agenda.overdue[0].standing == "overdue"
