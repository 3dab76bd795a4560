"""Fullest: which of several places shows most, so that whoever may look at all of them begins there."""

from sqlmodel import Session, col, func, select

from models.area import Area
from models.matter_count import MatterCount
from models.place import Place
from services.places import ground_version
from services.system.memory.result_cache import Memo

_KEPT = Memo(room=20, megabytes=1)


def first(session: Session) -> list[int]:
    """The ids of the root areas of all places, that with most matters first; of equals the one loaded first.

    Counted anew when areas, an import or an undo change the ground: what is worked on by the day changes no order.
    """
    key = str(session.get_bind().engine.url), ground_version.ground(session)
    return list(_KEPT.remembered(key, lambda: _counted(session)))


def _counted(session: Session) -> tuple[int, ...]:
    roots = session.exec(
        select(Area.id, Area.path).join(Place, col(Place.area_id) == Area.id).order_by(col(Place.id))
    ).all()
    many = func.sum(MatterCount.n)
    counted = select(Area.path, many).join(Area, col(Area.id) == MatterCount.area_id).group_by(col(Area.path))
    found = session.exec(counted).all()
    held = {area: sum(int(n) for path, n in found if path.startswith(root)) for area, root in roots}
    return tuple(sorted(held, key=lambda area: -held[area]))
