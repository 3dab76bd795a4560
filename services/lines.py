"""The one line 一件事一条线: issue, topic, decision, public notice, actions, verdict, and where it is broken."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.area import Area
from models.deliberation import Verdict
from models.matter import Matter
from models.meeting import Meeting
from services import (
    actions,
    clock,
    deliberations,
    events,
    flows,
    follow_ups,
    keeping,
    matters,
    meetings,
    merges,
    publicities,
)
from services.matters import Filter
from services.permissions import Actor, may
from services.rules import rule

STAGES = ("raised", "discussed", "decided", "publicised", "acted", "judged")
_AFTER_DECISION = ("resolved", "publicised", "executing", "judging", "archived")


@dataclass(frozen=True)
class Break:
    """Where a line is broken: at which stage, on which matter, and the sentence that says so."""

    stage: str
    number: str
    title: str
    message: str
    params: dict[str, object] = field(default_factory=dict)


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
    matter = next(iter(_readable(session, actor, [stays])), matter)
    topic = next(iter(_readable(session, actor, _topics(session, matter))), None)
    if topic is None:
        absorbed = _readable(session, actor, merges.absorbed(session, matter))
        return Line([matter, *absorbed], None, _direct(session, matter, absorbed), [])
    issues = _readable(session, actor, _reported(session, deliberations.issues_of(session, topic)))
    if not publicities.may_read_decision(actor, topic):
        return Line(issues, topic, _undecided(issues, topic), [])
    items = _readable(session, actor, [item for item, _ in actions.of_topic(session, topic)])
    found = _breaks_on(session, topic, items)
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


def _readable(session: Session, actor: Actor, found: list[Matter]) -> list[Matter]:
    paths = dict(session.exec(select(Area.id, Area.path).where(col(Area.id).in_({one.area_id for one in found}))).all())
    return [one for one in found if may(actor, "matter.read", paths[one.area_id], one.public)]


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
    # A topic that this reader may not see yet is no reason to say that none was needed.
    between = "waiting" if issue.state == "deliberating" else "skipped"
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
    at = (last.ended_at or last.starts_at) if last else topic.opened_at
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
    verdict: Verdict | None = deliberations.verdict(session, topic)
    if verdict is None:
        return Stage("judged", "current" if topic.state == "judging" else "waiting")
    return Stage("judged", "done", verdict.at, f"{verdict.satisfied}/{verdict.asked}")


def _breaks_on(session: Session, topic: Matter, items: list[Matter]) -> list[Break]:
    promised = [item for item in items if item.state != "cancelled"]
    meeting = meetings.current(session, topic)
    found = []
    if topic.state in _AFTER_DECISION[:3] and not promised and meeting and _forgotten(meeting.ended_at):
        found.append(_no_action(topic, meeting.ended_at))
    found += [_late_action(item) for item in promised if _late(item)]
    if topic.state == "publicised" and _late(topic):
        found.append(_hung(topic))
    return found


def _forgotten(decided: datetime | None) -> bool:
    return decided is not None and decided < rule("line.action_gap").before(clock.now())


def _late(matter: Matter) -> bool:
    return matter.is_open and matter.due_at is not None and matter.due_at < clock.now()


def _no_action(topic: Matter, decided: datetime | None) -> Break:
    days = (clock.now() - decided).days if decided else 0
    return Break(
        "acted", topic.number, topic.title, "Resolved {days} days ago, and still no action item.", {"days": days}
    )


def _late_action(item: Matter) -> Break:
    days = (clock.now() - item.due_at).days if item.due_at else 0
    return Break("acted", item.number, item.title, "This action item is {days} days overdue.", {"days": days})


def _hung(topic: Matter) -> Break:
    return Break("publicised", topic.number, topic.title, "The public notice ended, but nothing was carried out since.")


def breaks(session: Session, actor: Actor, path: str, limit: int = 20) -> list[Break]:
    """The broken lines at or below ``path``: resolutions without action, overdue actions, notices left hanging.

    At most a minute old.
    """
    return keeping.kept(session, actor, ("breaks", path, limit), lambda: _broken(session, actor, path, limit), 60)


def _broken(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    return [*_promises_without_action(session, actor, path, limit), *_hanging(session, actor, path, limit)][:limit]


def _promises_without_action(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    item = aliased(Matter)
    promised = exists().where(
        col(item.parent_id) == Matter.id, col(item.flow) == "action", col(item.state) != "cancelled"
    )
    query = (
        select(Matter, Meeting.ended_at)
        .join(Meeting, col(Meeting.matter_id) == Matter.id)
        .where(*matters.conditions(session, actor, Filter(path=path, flow="deliberation", openness="open")))
        .where(col(Matter.state).in_(_AFTER_DECISION[:3]), ~promised)
        .where(col(Meeting.resolution) != "")
        .where(col(Meeting.ended_at) < rule("line.action_gap").before(clock.now()))
        .order_by(col(Meeting.ended_at))
        .limit(limit)
    )
    return [_no_action(topic, decided) for topic, decided in session.exec(query)]


def _hanging(session: Session, actor: Actor, path: str, limit: int) -> list[Break]:
    late = Filter(path=path, flow="action", clock="overdue")
    items = [_late_action(row.matter) for row in matters.page(session, actor, late, limit)]
    hung = late.with_(flow="deliberation", state="publicised")
    return items + [_hung(row.matter) for row in matters.page(session, actor, hung, limit)]
