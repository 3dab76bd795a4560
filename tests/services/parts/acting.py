"""Acting on one matter through the parts: every act reads the version anew, as a page does."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from models.event import Event
from models.matter import Matter
from models.place import Place
from services.engine import events
from services.flows.issue import issues
from services.rights.permissions import Actor
from services.system.errors import Refused
from tests.refusing import refused


@dataclass
class Acting:
    """Somebody at work on a matter."""

    session: Session
    actor: Actor
    place: Place
    matter: Matter = field(init=False)

    def __post_init__(self) -> None:
        entered = issues.NewIssue(title="Charging shed at the north gate", area_id=self.place.area_id)
        self.matter = issues.create(self.session, self.actor, entered)

    def do(self, function: Any, *args: Any) -> Matter:
        made: Matter = function(self.session, self.actor, self.matter.number, self.matter.version, *args)
        return made

    def refused(self, function: Any, *args: Any) -> Refused:
        self.session.commit()
        return refused(self.session, function, self.actor, self.matter.number, self.matter.version, *args)

    def last(self) -> Event:
        return events.history(self.session, self.matter.id)[-1]

    def told(self, count: int) -> list[tuple[str, Any]]:
        """The last events, as what happened and with which values."""
        return [(one.action, one.data) for one in events.history(self.session, self.matter.id)[-count:]]

    def stale(self, function: Any, *args: Any) -> str:
        """What an act on an older version is refused with."""
        self.session.commit()
        old = self.matter.version - 1
        return refused(self.session, function, self.actor, self.matter.number, old, *args).message

    def code(self, model: Any, at: int = 0) -> str:
        codes = list(self.session.exec(select(model.code).order_by(model.id)))
        return str(codes[at])
