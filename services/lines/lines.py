"""The one line 一件事一条线: issue, topic, decision, public notice, actions, verdict, and where it is broken."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.matter import Matter
from services.engine import events, flows
from services.flows.action import actions
from services.flows.deliberation import deliberations, meetings, publicities, verdicts
from services.flows.issue import follow_ups, merges
from services.lines import broken_lines as breaks
from services.lines.broken_lines import Break
from services.rights.matter_rights import readable
from services.rights.permissions import Actor
from services.system import clock

STAGES = ("raised", "discussed", "decided", "publicised", "acted", "judged")
_AFTER_DECISION = ("resolved", "publicised", "executing", "judging", "archived")


@dataclass(frozen=True)
class Stage:
    """A station of the line. ``standing``: done, current, waiting, broken, or skipped where none was needed."""

    code: str
    standing: str
    at: datetime | None = None
    text: str = ""
    matters: tuple[Matter, ...] = ()


@dataclass(frozen=True)
class Line:
    """Everything that hangs together: the issues, the topic if there is one, and the stages in order."""

    issues: list[Matter]
    topic: Matter | None
    stages: list[Stage]
    breaks: list[Break]


def of(session: Session, actor: Actor, matter: Matter) -> Line:
    """The line a matter lies on, whatever its flow, as far as ``actor`` may read the matters on it.

    An issue that was merged lies on the line of the one that stays.
    """
    stays = merges.staying(session, matter)
    matter = next(iter(readable(session, actor, [stays])), matter)
    topic = next(iter(readable(session, actor, _topics(session, matter))), None)
    if topic is None:
        absorbed = readable(session, actor, merges.absorbed(session, matter))
        return Line([matter, *absorbed], None, _direct(session, matter, absorbed), [])
    issues = readable(session, actor, _reported(session, deliberations.issues_of(session, topic)))
    if not publicities.may_read_decision(actor, topic):
        return Line(issues, topic, _undecided(issues, topic), [])
    items = readable(session, actor, [item for item, _ in actions.of_topic(session, topic)])
    found = breaks.on(session, topic, items)
    broken = {gap.stage for gap in found}
    stages = [
        _raised(issues, topic),
        _discussed(session, topic),
        _decided(session, topic),
        _publicised(session, topic),
        _acted(topic, items),
        _judged(session, topic),
    ]
    marked = [Stage(s.code, "broken", s.at, s.text, s.matters) if s.code in broken else s for s in stages]
    return Line(issues, topic, marked, found)


def _reported(session: Session, issues: list[Matter]) -> list[Matter]:
    return [one for issue in issues for one in (issue, *merges.absorbed(session, issue))]


def _topics(session: Session, matter: Matter) -> list[Matter]:
    if matter.flow == "deliberation":
        return [matter]
    if matter.flow == "action":
        parent = session.get(Matter, matter.parent_id or 0)
        return [parent] if parent else []
    return deliberations.topics_of(session, matter)


def _undecided(issues: list[Matter], topic: Matter) -> list[Stage]:
    waiting = [Stage(code, "waiting") for code in ("decided", "publicised", "acted", "judged")]
    return [_raised(issues, topic), Stage("discussed", "current", topic.opened_at, topic.title, (topic,)), *waiting]


def _direct(session: Session, issue: Matter, absorbed: list[Matter]) -> list[Stage]:
    acted = "waiting" if issue.state in ("draft", "submitted") else "current" if issue.is_open else "done"
    judged = "done" if issue.state in ("visited", "archived") else "current" if issue.state == "closed" else "waiting"
    # A topic that this reader may not see is no reason to say that none was needed; an action item comes from one.
    between = "done" if issue.flow == "action" else "waiting" if issue.state == "deliberating" else "skipped"
    skipped = [Stage(code, between) for code in ("discussed", "decided", "publicised")]
    visits = [event for event in events.history(session, issue.id) if event.action == "visit"]
    said = follow_ups.said(visits[-1].data or {}) if visits else ""
    return [
        Stage("raised", "done", issue.opened_at, issue.title, (issue, *absorbed)),
        *skipped,
        Stage("acted", acted, issue.closed_at, "", (issue,)),
        Stage("judged", judged, visits[-1].at if visits else None, said),
    ]


def _raised(issues: list[Matter], topic: Matter) -> Stage:
    first = min((issue.opened_at for issue in issues), default=topic.opened_at)
    return Stage("raised", "done", first, issues[0].title if issues else topic.title, tuple(issues))


def _discussed(session: Session, topic: Matter) -> Stage:
    last = meetings.current(session, topic)
    at = (last.ended_at or last.occasion.starts_at) if last else topic.opened_at
    gone = {"declined": "broken", "referred": "done"}
    standing = "done" if topic.state in _AFTER_DECISION else gone.get(topic.state, "current")
    return Stage("discussed", standing, at, topic.title, (topic,))


def _decided(session: Session, topic: Matter) -> Stage:
    meeting = meetings.current(session, topic)
    if topic.state not in _AFTER_DECISION or meeting is None or not meeting.ended_at:
        return Stage("decided", "waiting")
    return Stage("decided", "done", meeting.ended_at, meeting.resolution)


def _publicised(session: Session, topic: Matter) -> Stage:
    notice = publicities.latest(session, topic)
    if notice is None or topic.state == "resolved":
        return Stage("publicised", "current" if topic.state == "resolved" else "waiting")
    text = f"{notice.starts_on} – {notice.ends_on}"
    return Stage(
        "publicised", "current" if topic.state == "publicised" else "done", clock.start_of(notice.starts_on), text
    )


def _acted(topic: Matter, items: list[Matter]) -> Stage:
    if not items:
        return Stage("acted", "waiting")
    done = topic.state in ("judging", "archived") or not any(item.is_open for item in items)
    begun = topic.state == "executing" or any(item.state != flows.start_of("action").code for item in items)
    closed = [item.closed_at for item in items if item.closed_at]
    standing = "done" if done else "current" if begun else "waiting"
    return Stage("acted", standing, max(closed) if done and closed else None, "", tuple(items))


def _judged(session: Session, topic: Matter) -> Stage:
    verdict = verdicts.verdict(session, topic)
    if verdict is None:
        return Stage("judged", "current" if topic.state == "judging" else "waiting")
    return Stage("judged", "done", verdict.at, f"{verdict.satisfied}/{verdict.asked}")
