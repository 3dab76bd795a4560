"""Areas 区域 as they are typed: one more below another, another name, another kind, closed."""

from typing import Any

from sqlmodel import Session, col, func, select

from models.account import Account
from models.area import Area
from services.places import areas, schematic_map
from services.rights.permissions import Actor, require
from services.setup import changes, typed_values
from services.setup.subjects import AREAS, SUBJECTS, levels_below
from services.setup.typed_values import Typed
from services.system.errors import NotFound, Refused, listed
from services.words.cleaning import clean
from services.words.vocabulary import Word

_AREA = SUBJECTS[AREAS]
_CODE, _PATH = 32, 255
_HOLDS = listed("{count} × {what} stand in {name} still. Close them or move them first.")


def proposed(session: Session, parent: Area) -> str:
    """A free code for an area in ``parent``: its own, and a number counted on from what lies in it."""
    taken = set(session.exec(select(Area.code).where(col(Area.code).startswith(f"{parent.code}-", autoescape=True))))
    number = 1 + len(session.exec(select(Area.id).where(Area.parent_id == parent.id)).all())
    while f"{parent.code}-{number:02d}" in taken:
        number += 1
    return f"{parent.code}-{number:02d}"


def add(session: Session, actor: Actor, parent: str, level: str, typed: Typed, code: str = "") -> Area:
    """One more area of ``level`` in ``parent``, with a code of its own or the one proposed.

    Refused without the right there, and where level, name or code can't be used.
    """
    above = _standing(session, actor, parent)
    if level not in levels_below(above.level):
        raise Refused("Choose a level below that of {parent}.", parent=above.name)
    values = typed_values.checked(session, _AREA, {"name": ""} | dict(typed), above, level)
    _check_name(session, above.id, level, values["name"])
    code = _code(session, above, code)
    made = Area(code=code, level=level, path=f"{above.path}{code}/", parent_id=above.id, sample=above.sample, **values)
    session.add(made)
    session.flush()
    changes.tell(session, actor, "add", _AREA, made, made.path, None, {"level": level, "code": code} | values)
    settle(session, made)
    return made


def _standing(session: Session, actor: Actor, code: str) -> Area:
    found = areas.named(session, clean(code))
    if found is None or not found.path.startswith(actor.area_path):
        raise NotFound("There is no {code} that you may change. Choose one from the list.", code=clean(code)[:48])
    require(actor, _AREA.right, found.path)
    if found.closed_at is not None:
        raise Refused("{name} is closed. Take the closing back under Changes first.", name=found.name)
    return found


def _code(session: Session, above: Area, code: str) -> str:
    told = clean(code) or proposed(session, above)
    if len(told) > _CODE or "/" in told or len(told.split()) != 1:
        raise Refused("Enter a code of at most {limit} characters, without blanks and slashes.", limit=_CODE)
    if len(above.path) + len(told) + 1 > _PATH:
        raise Refused("The codes from the root to this area are too long together. Shorten the codes.")
    taken = areas.named(session, told)
    if taken:
        raise Refused("The area {name} already has the code {code}. Choose another one.", name=taken.name, code=told)
    return told


def _check_name(session: Session, parent_id: int | None, level: str, name: str, own: int | None = None) -> None:
    """Two areas of one level beside each other have two names."""
    beside = select(Area).where(Area.parent_id == parent_id, Area.level == level, areas.standing())
    if any(one.name == name and one.id != own for one in session.exec(beside.options(areas.WITHOUT_OUTLINES))):
        raise Refused("There is another area called {name} beside it. Give one of the two another name.", name=name)


def check_beside(session: Session, area: Area) -> None:
    """Refused where an area as it is now can't stand: what it lies in is closed, or its name is another's."""
    above = session.get(Area, area.parent_id or 0)
    if above is not None and above.closed_at is not None:
        raise Refused("{name} is closed. Take the closing back under Changes first.", name=above.name)
    _check_name(session, area.parent_id, area.level, area.name, area.id)


def change(session: Session, actor: Actor, code: str, seen: str, typed: Typed) -> Area:
    """Another name, kind or number of households; ``seen`` is the version the form was drawn from."""
    area: Area = changes.claim(session, actor, _AREA, code, seen)
    values = typed_values.checked(session, _AREA, typed, area, area.level)
    _check_name(session, area.parent_id, area.level, values.get("name", area.name), area.id)
    changes.apply(session, actor, _AREA, area, values)
    return area


def close(session: Session, actor: Actor, code: str, seen: str, reason: str) -> Area:
    """Close an area: nothing new is begun there. Refused while anything that goes on stands in it."""
    area: Area = changes.claim(session, actor, _AREA, code, seen)
    if areas.place_of(session, area).area_id == area.id:
        raise Refused("{name} is the place itself and stays.", name=area.name)
    for what, count in _within(session, area):
        if count:
            raise Refused(_HOLDS, count=count, what=what, name=area.name)
    changes.close(session, actor, _AREA, area, reason)
    settle(session, area)
    return area


def _within(session: Session, area: Area) -> list[tuple[Word, int]]:
    below = _count(session, select(func.count()).where(areas.within(area.path), areas.standing())) - 1
    found = [(Word("subject", AREAS), below)]
    for kind, subject in SUBJECTS.items():
        if kind != AREAS:
            here = _in(session, subject.model, area.path).where(subject.model.closed_at.is_(None))
            found.append((Word("subject", kind), _count(session, here)))
    people = _in(session, Account, area.path).where(col(Account.active))
    return [*found, (Word("subject", "accounts"), _count(session, people))]


def _in(_session: Session, model: Any, path: str) -> Any:
    return select(func.count()).select_from(model).join(Area, col(Area.id) == model.area_id).where(areas.within(path))


def _count(session: Session, query: Any) -> int:
    return int(session.exec(query).one())


def settle(session: Session, area: Area) -> None:
    """Let the map of the place follow."""
    session.flush()
    root = session.get_one(Area, areas.place_of(session, area).area_id)
    schematic_map.settle(session, root)
