"""Versions: the rows of each flow as they stood while matters ran by them, kept so that what happened can be judged.

A new version is kept when the program starts with rows that mean something else. From then on a process that still
works by older rows writes no more events: so every event obeys the version in force when it was written.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from models.audit import AuditLine
from models.event import Event
from models.flow_version import FlowVersion
from models.matter import Matter
from services.engine import flows
from services.engine.definition import Arrow, Flow, State
from services.rights import audit
from services.system import clock, db
from services.system.errors import Refused
from services.system.flow_files import of_book
from services.words import former_rows

ACT = "flow.version"
# What a matter does. Who may, and how it is asked for, makes no other version; nor do words.
_MEANING = ("states.csv", "arrows.csv", "fields.csv", "links.csv", "checklists.csv")
_NO_MEANING = frozenset({"flow", "row", "zh", "en", "tone", "wide"})
Rows = dict[str, Any]


def rows_of(flow: Flow) -> Rows:
    """The rows of a flow as they are kept: what they mean, and the words of it all."""
    said = {name: [_plain(row) for row in flow.rows.get(name, ())] for name in _MEANING}
    return {"head": {language: str(flow.head.get(language, "")) for language in ("zh", "en")}, **said}


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name not in ("flow", "row")}


def digest(rows: Rows) -> str:
    """What a version is called: the same for the same meaning, in whatever words and order it is written."""
    told = {name: sorted(_meaning(row) for row in rows.get(name, ())) for name in _MEANING}
    return hashlib.sha256(_json(told).encode()).hexdigest()


def _meaning(row: Mapping[str, str]) -> str:
    names = (name for name in row if row[name] and name not in _NO_MEANING and not name.endswith(("_zh", "_en")))
    return _json({name: " ".join(row[name].split()) for name in names})


def seal(rows: Rows) -> str:
    """A digest of the rows to the last word."""
    return hashlib.sha256(_json(rows).encode()).hexdigest()


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@of_book
def present(code: str) -> str:
    """The version of the rows a flow has now."""
    return digest(rows_of(flows.flow(code)))


class Kept:
    """Every version that was kept, and which of them was in force."""

    def __init__(self, rows: Iterable[FlowVersion]) -> None:
        self._versions = dict[str, list[FlowVersion]]()
        self._flows = dict[int, Flow]()
        for row in rows:
            self._versions.setdefault(row.flow, []).append(row)

    def newest(self, code: str) -> str:
        """The version a flow has now; nothing where none was kept."""
        return self._versions[code][-1].version if code in self._versions else ""

    def at(self, code: str, moment: datetime) -> Flow:
        """The flow as it was at a moment; the oldest that is known for what lies before."""
        return self._flow(code, self._by_time(code, moment))

    def of(self, code: str, event_id: int, moment: datetime) -> Flow:
        """The flow as it was when an event of ``moment`` was written.

        A sample or an import tells of earlier days, so its number says when it was written; the number of an event
        that was taken back with its import is given once more, so its moment counts as well.
        """
        told = self._versions.get(code, [])
        if len(told) < 2:
            return self._flow(code, 0)
        by_number = next((place for place in range(len(told) - 1, 0, -1) if told[place].last_event < event_id), 0)
        return self._flow(code, max(by_number, self._by_time(code, moment)))

    def watched(self, code: str, event_id: int) -> bool:
        """Whether an event was written when versions were kept already, so that it must obey one."""
        return code in self._versions and event_id > self._versions[code][0].last_event

    def state(self, code: str, at: str) -> State | None:
        """A state as the newest version that has it says."""
        places = reversed(range(len(self._versions.get(code, []))))
        return next((found for place in places if (found := self._flow(code, place).states.get(at))), None)

    def _by_time(self, code: str, moment: datetime) -> int:
        told = self._versions.get(code, [])
        return next((place for place in range(len(told) - 1, -1, -1) if told[place].since <= moment), 0)

    def _flow(self, code: str, place: int) -> Flow:
        if code not in self._versions:
            return flows.flow(code)
        row = self._versions[code][max(place, 0)]
        if row.id not in self._flows:
            self._flows[row.id] = flows.of_rows(code, row.rows)
        return self._flows[row.id]


_KEPT: dict[str, tuple[int, Kept]] = {}


def load(session: Session) -> Kept:
    """Every version as the database has it now."""
    return Kept(session.exec(select(FlowVersion).order_by(col(FlowVersion.id))).all())


def kept(session: Session) -> Kept:
    """Every version; read anew when there is another one."""
    url = str(session.get_bind().engine.url)
    newest = session.exec(select(func.max(col(FlowVersion.id)))).one() or 0
    if _KEPT.get(url, (-1,))[0] != newest:
        _KEPT[url] = newest, load(session)
    return _KEPT[url][1]


def at(session: Session, code: str, moment: datetime) -> Flow:
    """The flow as it was at a moment."""
    return kept(session).at(code, moment)


def arrow(session: Session, code: str, event: Any) -> Arrow | None:
    """The arrow that an event took, as it was then; none where the event is no step."""
    flow = kept(session).of(code, event.id, event.at) if getattr(event, "id", None) else flows.flow(code)
    return flow.arrow(event.from_state or "", event.action)


def record(session: Session, operator: str) -> list[str]:
    """Keep the rows of each flow where they are new, with a line in the audit; the codes of these flows.

    Safe to repeat, and from two processes at once: the second waits, and finds nothing to do.
    """
    if not unkept(session):
        return []
    lock(session)
    changed = unkept(session)
    for code in changed:
        row = _new(session, code)
        session.add(row)
        session.flush()
        tell(session, operator, row)
    session.flush()
    former_rows.forget()
    return changed


def lock(session: Session) -> None:
    """Let nobody write events by any rows until this transaction ends."""
    db.alone(session)


def unkept(session: Session) -> list[str]:
    """The flows whose rows mean something else than the version in force."""
    known = load(session)
    return [code for code in flows.flows() if known.newest(code) != present(code)]


def _new(session: Session, code: str) -> FlowVersion:
    flow, now = flows.flow(code), clock.now()
    first = session.exec(select(FlowVersion.id).where(FlowVersion.flow == code).limit(1)).first() is None
    begun = session.exec(select(func.min(col(Matter.opened_at))).where(Matter.flow == code)).one() if first else None
    newest = session.exec(select(func.max(col(Event.id)))).one()
    rows = rows_of(flow)
    since = min(begun or now, now)
    return FlowVersion(flow=code, version=digest(rows), rows=rows, since=since, last_event=newest or 0)


def tell(session: Session, operator: str, row: FlowVersion) -> None:
    """Write into the audit that a version is kept from now on: ``verify`` holds the two against each other."""
    audit.write(session, operator, "flow.version", row.flow, told_of(row))


def told_of(row: FlowVersion) -> dict[str, Any]:
    """What the audit says of a version."""
    since = row.since.isoformat()
    return {"version": row.version, "rows": seal(row.rows), "since": since, "last_event": row.last_event}


def require_present(session: Session, code: str) -> None:
    """Raise Refused where a newer version is in force than the rows this process works by. Asked once a transaction."""
    asked, transaction = session.info.get("versions", (None, set())), session.get_transaction()
    if asked[0] is not transaction or transaction is None:
        asked = session.info["versions"] = (transaction, set())
    if code in asked[1]:
        return
    db.alone(session)  # Whoever keeps a new version waits for what is being written: nothing slips in behind it.
    if outdated(session, code):
        raise Refused(
            "The rows of the flow {flow} were changed while this was running. Start the program again, then do it once"
            " more.",
            flow=code,
        )
    asked[1].add(code)


def outdated(session: Session, code: str) -> bool:
    """Whether a newer version of a flow is in force than the rows this process works by."""
    query = select(FlowVersion.version).where(FlowVersion.flow == code).order_by(col(FlowVersion.id).desc())
    newest = session.exec(query.limit(1)).first()
    return newest is not None and (code not in flows.flows() or newest != present(code))


def adopt(session: Session, operator: str) -> None:
    """Write into the audit the versions that came with a place from another database, whose audit stayed there."""
    lines = select(func.count()).select_from(AuditLine).where(AuditLine.act == ACT)
    if not session.exec(lines).one():
        for row in session.exec(select(FlowVersion).order_by(col(FlowVersion.id))).all():
            tell(session, operator, row)
