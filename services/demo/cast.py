"""The cast of the samples: offices, not persons. Who acts is whose turn it is, by the flows and the permissions."""

from functools import lru_cache

from sqlmodel import Session, col, select

from models.area import Area
from models.place import Office
from services.engine import flows
from services.rights.permissions import Actor, granted
from services.system.data_files import rows

_OFFICES = {"grid_worker": "grid_head", "secretary": "secretary"}


class Cast:
    """The actors of a place by role; a grid worker acts in one grid, everybody else in the whole place.

    Of several secretaries it is the one of the widest area, whose path sorts before those of the areas in it.
    """

    def __init__(self, session: Session, root: Area) -> None:
        named = {row["role"]: row["name"] for row in rows("demo_identities.csv")}
        self._place = {role: Actor(None, name, role, root.path, root.id) for role, name in named.items()}
        self._grids: dict[str, Actor] = {}
        query = select(Office, Area).join(Area, col(Area.id) == Office.area_id)
        held = query.where(col(Area.path).startswith(root.path), col(Office.kind).in_(_OFFICES.values()))
        for office, area in session.exec(held.order_by(col(Area.path).desc(), col(Office.id))):
            self._take(office, area)

    def _take(self, office: Office, area: Area) -> None:
        if office.kind == _OFFICES["grid_worker"]:
            self._grids[area.code] = Actor(None, office.title, "grid_worker", area.path, area.id)
        else:
            self._place["secretary"] = Actor(None, office.title, "secretary", area.path, area.id)

    def in_role(self, role: str, grid: str = "") -> Actor:
        """Who holds a role, there."""
        return self._grids.get(grid, self._place[role]) if role == "grid_worker" else self._place[role]

    def turn(self, flow: str, state: str, action: str, grid: str = "") -> Actor:
        """Who takes an arrow: the role the state waits for, else staff, else the secretary; whoever may."""
        return self.in_role(_role(flow, state, action), grid)


@lru_cache
def _role(flow: str, state: str, action: str) -> str:
    able = [flows.state(flow, state).waits_for, "staff", "secretary"]
    return next(role for role in able if granted(role, f"{flow}.{action}"))
