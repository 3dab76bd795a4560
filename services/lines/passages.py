"""Passages: how far one matter has come along the stations of the one line, by its states and its history."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.event import Event
from models.matter import Matter
from services.engine import events, flows, links
from services.engine.flows import STATIONS
from services.public import disclosure
from services.rights.permissions import Actor

MOMENTS = ("raised", "decided")


@dataclass(frozen=True)
class Passage:
    """Where a matter stands, and which stations it has been at, has before it, and has on its way at all.

    ``kind`` is that of its state. ``away`` says that its next steps are another matter's that can't be read; ``open``
    whether this reader may know what was decided, ``grown`` that it came of another matter, whose way this one goes on.
    """

    here: str
    kind: str
    been: tuple[tuple[str, datetime], ...]
    ahead: tuple[str, ...]
    stations: tuple[str, ...]
    away: bool
    open: bool
    grown: bool = False

    def past(self, code: str) -> bool:
        """Whether the matter stands behind this station."""
        return STATIONS.index(self.here) > STATIONS.index(code)

    def reached(self, code: str) -> bool:
        """Whether the matter stands at this station or behind it."""
        return self.past(code) or self.here == code

    def came(self, code: str) -> datetime | None:
        """When the matter last came to this station."""
        return dict(self.been).get(code)

    def left(self, code: str) -> datetime | None:
        """When the matter last went on from this station."""
        came = self.came(code)
        return min((at for _, at in self.been if came and at > came), default=None)

    def standing(self, code: str) -> str:
        """How the matter stands to a station: done, current, waiting, broken or skipped."""
        if code == self.here:
            return self._standing_here(code)
        if code == STATIONS[0]:
            return "done"
        if self.past(code):
            return "done" if self.came(code) or self._before(code) else "waiting" if code in self.ahead else "skipped"
        if self.kind == "dropped":
            return "skipped"
        if code in self.ahead:
            on_to = self.here == "decided" or self.kind == "done"
            return "current" if on_to and code == self.ahead[0] else "waiting"
        if self.away:
            return "waiting"
        return "done" if self.came(code) else "skipped"

    def _before(self, code: str) -> bool:
        """Whether the matter that this one came of had passed the station, for all that can be known here."""
        return self.grown and STATIONS.index(code) < STATIONS.index(self.stations[0])

    def _standing_here(self, code: str) -> str:
        if self.kind == "dropped":
            return "broken"
        if self.away:
            return "waiting"
        return "done" if code in MOMENTS or self.kind == "done" else "current"


def of(session: Session, actor: Actor, matter: Matter, alone: bool) -> Passage:
    """How far a matter has come, as this reader may know it; ``alone`` where no other matter goes on from it.

    Who may not read a decision that is made anew reads that the matter is discussed.
    """
    state = flows.state(matter.flow, matter.state)
    here, after, whole = state.station, road(matter.flow, matter.state), road(matter.flow, "")
    told = not disclosure.decides(matter.flow) or disclosure.may_read_decision(actor, matter)
    stations = tuple(dict.fromkeys(station for station, _ in whole))
    been = _been(matter, events.history(session, matter.id), whole)
    if not told and STATIONS.index(here) >= STATIONS.index("decided"):
        here = [code for code in stations if STATIONS.index(code) < STATIONS.index("decided")][-1]
        ahead = tuple(code for code in stations if STATIONS.index(code) > STATIONS.index(here))
        return Passage(here, "active", been, ahead, stations, away=False, open=False)
    ahead = tuple(dict.fromkeys(station for station, _ in after if station != here))
    grown = matter.parent_id is not None
    return Passage(here, state.kind, been, ahead, stations, alone and waits_elsewhere(matter), told, grown)


def _been(matter: Matter, history: list[Event], whole: tuple[tuple[str, str], ...]) -> tuple[tuple[str, datetime], ...]:
    """The stations a matter has come to and when it last did; what came in half way had its way behind it."""
    states, found = flows.states(matter.flow), dict[str, datetime]()
    first = next((event.to_state for event in history), "")
    codes = [code for _, code in whole]
    for code in codes[: codes.index(first)] if first in codes else ():
        found[states[code].station] = matter.opened_at
    last = ""
    for event in history:
        station = states[event.to_state].station if event.to_state in states else last
        if station != last:
            for came in (*_passed(matter.flow, event.to_state), station):
                found.pop(came, None)
                found[came] = event.at
        last = station
    return tuple(found.items())


def _passed(flow: str, state: str | None) -> tuple[str, ...]:
    found = flows.states(flow).get(state or "")
    return found.passed if found else ()


def road(flow: str, source: str) -> tuple[tuple[str, str], ...]:
    """The main path from a state on, or from the start and with it: stations and states.

    It follows the primary arrows, and where a state has none, the first that leads on without dropping the matter.
    """
    states = flows.states(flow)
    if source and source not in states:
        return ()  # Nothing leads on from a state that the rows no longer have.
    at, seen, found = source or flows.start_of(flow).code, set[str](), list[tuple[str, str]]()
    if not source:
        found.append((states[at].station, at))
    while at not in seen:
        seen.add(at)
        away = [one for one in flows.leaving(flow, at) if one.arrives(at) not in seen and one.target != "<"]
        kept = [one for one in away if states[one.arrives(at)].kind != "dropped"]
        onward = next((one for one in kept if one.tone == "primary"), kept[0] if kept else None)
        if onward is not None and states[at].kind != "dropped":
            at = onward.arrives(at)
            found += [(station, at) for station in (*states[at].passed, states[at].station)]
    return tuple(found)


def starts(flow: str) -> str:
    """The station at which the matters of a flow enter the line."""
    return flows.start_of(flow).station


def waits_elsewhere(matter: Matter) -> bool:
    """Whether a matter stands where an arrow took it that began another one, and nobody's turn it is here."""
    state = flows.state(matter.flow, matter.state)
    return state.is_open and not state.waits_for and bool(_handing(matter.flow, matter.state))


def handed_over(matter: Matter, kinds: set[str]) -> bool:
    """Whether the line goes on in another matter, which one of ``kinds`` leads to, instead of in this one."""
    idle = [state.code for state in flows.states(matter.flow).values() if not state.waits_for]
    return any(kind in kinds for code in idle for kind in _handing(matter.flow, code))


def _handing(flow: str, state: str) -> list[str]:
    """The kinds of the ties that an arrow into ``state`` begins."""
    into = {arrow.action for arrow in flows.arrows(flow) if arrow.target == state}
    return [link.kind for link in links.births(flow) if into & set(link.at)]
