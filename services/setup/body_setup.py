"""Organisations, forums, venues and offices as they are typed: one more, what is said of one, closed."""

from typing import Any

from sqlmodel import Session, col, func, select

from models.area import Area
from models.organisation import Organisation
from models.place import Forum, Office
from services.places import areas
from services.places.bodies import BODIES
from services.rights.permissions import Actor, require
from services.setup import changes, typed_values
from services.setup.changes import Values
from services.setup.subjects import SUBJECTS, Subject
from services.setup.typed_values import Typed
from services.system.errors import NotFound, Refused, listed
from services.words.cleaning import clean
from services.words.vocabulary import Word

_PATH = 255
_HOLDS = listed("{count} × {what} belong to {name} still. Close them or change them first.")


def add(session: Session, actor: Actor, kind: str, area: str, typed: Typed) -> Any:
    """One more row of ``kind`` in the area called ``area``, with the next code of its place.

    Refused without the right there, and where a field can't be used.
    """
    subject, here = SUBJECTS[kind], _area(session, actor, SUBJECTS[kind], area)
    asked = {code: None for code, field in subject.fields.items() if field.type != "yes"} | dict(typed)
    values = typed_values.checked(session, subject, asked, here)
    check_name(session, subject, here.id, values[subject.name])
    code = _code(session, subject, here)
    values |= _of_tree(session, subject, values, code)
    made = subject.model(code=code, area_id=here.id, sample=here.sample, **values)
    session.add(made)
    session.flush()
    changes.tell(session, actor, "add", subject, made, here.path, None, {"code": code, "area_id": here.id} | values)
    return made


def _area(session: Session, actor: Actor, subject: Subject, code: str) -> Area:
    found = areas.named(session, clean(code))
    if found is None or found.closed_at is not None or not found.path.startswith(actor.area_path):
        raise NotFound("Choose the area from the list.")
    require(actor, subject.right, found.path)
    return found


def check_name(session: Session, subject: Subject, area_id: int, name: str, own: int | None = None) -> None:
    """Two of a kind in one area have two names; posts may be several."""
    if subject.model is Office:
        return
    named = col(getattr(subject.model, subject.name)) == name
    beside = select(subject.model.id).where(named, subject.model.area_id == area_id, subject.model.closed_at.is_(None))
    if any(found != own for found in session.exec(beside)):
        raise Refused("There is another one called {name} in this area. Give one of the two another name.", name=name)


def _code(session: Session, subject: Subject, here: Area) -> str:
    start = f"{areas.place_of(session, here).prefix}-{BODIES[subject.kind].letter}"
    given = session.exec(select(subject.model.code).where(subject.model.code.startswith(start, autoescape=True)))
    numbers = [int(code[len(start) :]) for code in given if code[len(start) :].isdecimal()]
    return f"{start}{max(numbers, default=0) + 1:04d}"


def _of_tree(session: Session, subject: Subject, values: Values, code: str) -> Values:
    if subject.model is not Organisation:
        return {}
    above = session.get(Organisation, values.get("parent_id") or 0)
    path = f"{above.path if above else ''}{code}/"
    if len(path) > _PATH:
        raise Refused("The organisations above {code} are too many, or their codes too long. Shorten them.", code=code)
    return {"path": path}


def change(session: Session, actor: Actor, kind: str, code: str, seen: str, area: str, typed: Typed) -> Any:
    """What is said of a row, and where it stands; ``seen`` is the version the form was drawn from."""
    subject = SUBJECTS[kind]
    row = changes.claim(session, actor, subject, code, seen)
    here = _area(session, actor, subject, area)
    # Where an organisation hangs is moved with all below it, which a file does.
    told = {code: value for code, value in typed.items() if subject.fields[code].type != "parent"}
    values = typed_values.checked(session, subject, told, here) | {"area_id": here.id}
    check_name(session, subject, here.id, values.get(subject.name, getattr(row, subject.name)), row.id)
    changes.apply(session, actor, subject, row, values)
    return row


def close(session: Session, actor: Actor, kind: str, code: str, seen: str, reason: str) -> Any:
    """Close a row: it is offered for nothing new. Refused for an organisation that others hang on still."""
    subject = SUBJECTS[kind]
    row = changes.claim(session, actor, subject, code, seen)
    for what, count in _hanging(session, row) if subject.model is Organisation else ():
        if count:
            raise Refused(_HOLDS, count=count, what=what, name=row.name)
    changes.close(session, actor, subject, row, reason)
    return row


def _hanging(session: Session, row: Organisation) -> list[tuple[Word, int]]:
    below = _count(session, Organisation, col(Organisation.parent_id) == row.id)
    forums = _count(session, Forum, col(Forum.organisation_id) == row.id)
    offices = _count(session, Office, col(Office.organisation_id) == row.id)
    counted = zip(("organisations", "forums", "offices"), (below, forums, offices), strict=True)
    return [(Word("subject", kind), count) for kind, count in counted]


def _count(session: Session, model: Any, wanted: Any) -> int:
    return int(session.exec(select(func.count()).select_from(model).where(wanted, model.closed_at.is_(None))).one())
