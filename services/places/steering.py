"""Steering: which forum takes a topic first, by the kind of the estate it comes from, and then by its grade.

``[playbook.forum_by_estate]`` and ``[playbook.forum_by_grade]`` of a place's pack say so. They propose; who convenes
may choose another one.
"""

from sqlmodel import Session, select

from models.area import Area
from models.place import Forum
from services.places import areas, playbook

ESTATES, GRADES = "forum_by_estate", "forum_by_grade"


def forum_by_estate(session: Session, area_id: int | None) -> Forum | None:
    """The forum that takes what comes from this area first, by the kind of the estate it lies in."""
    area = session.get(Area, area_id or 0, options=[areas.WITHOUT_OUTLINES])
    if area is None:
        return None
    told = playbook.told(session, area.path).get(ESTATES, {})
    kinds = (above.kind for above in reversed(areas.ancestors(session, area.path)) if above.kind in told)
    return _forum(session, told.get(next(kinds, None), ""))


def forum_by_grade(session: Session, area_id: int | None) -> dict[str, Forum]:
    """The forum that a topic of each grade goes to, by grade; empty where the playbook says nothing."""
    area = session.get(Area, area_id or 0, options=[areas.WITHOUT_OUTLINES])
    told = playbook.told(session, area.path).get(GRADES, {}) if area else {}
    found = {grade: _forum(session, str(code)) for grade, code in told.items()}
    return {grade: forum for grade, forum in found.items() if forum}


def _forum(session: Session, code: str) -> Forum | None:
    return session.exec(select(Forum).where(Forum.code == code)).first() if code else None
