"""Open311 GeoReport v2, the part that reads: public matters as service requests, their categories as services.

Nothing here knows more than a viewer: the conditions, and what of a matter is told, are a viewer's. The specification
is at wiki.open311.org/GeoReport_v2; ``page`` and ``page_size`` are its common extension.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from models.area import Area
from models.category import LocalCategory
from models.event import Event
from models.matter import Matter
from models.organisation import Organisation
from models.place import Place
from services.engine import flows, versioned_cache
from services.matters import matters
from services.matters.matters import Filter
from services.public import disclosure
from services.rights.permissions import Actor
from services.rules import categories
from services.system import clock
from services.system.errors import NotFound, Refused
from services.system.memory.result_cache import Memo
from services.words import privacy, vocabulary
from services.words.i18n import listed, translate

SPAN, MOST = timedelta(days=90), 1000
PUBLIC = Actor(None, "", "viewer")
_UNSORTED = "unclassified"
_STATUSES = ("open", "closed")
_CODE = re.compile(r"[\w.-]{1,48}")
_WHOLE = re.compile(r"[0-9]{1,6}")
_MOST_IDS = 100
# Of their own: whoever asks here has no account that could be charged, and pushes out nobody else's.
_ANSWERS = Memo(room=500, megabytes=8)

Record = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is asked of the requests. Empty fields ask nothing; the days are moments in UTC."""

    path: str
    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    size: int = MOST
    offset: int = 0


def jurisdiction(session: Session, params: Mapping[str, str]) -> str:
    """The path of the place that ``jurisdiction_id`` names by its slug; it may be left out where there is only one."""
    roots = dict(session.exec(select(Place.slug, Area.path).join(Area, col(Area.id) == Place.area_id)).all())
    asked = params.get("jurisdiction_id", "")
    if asked:
        if asked not in roots:
            raise NotFound("jurisdiction_id {given} was not found.", given=asked[:40])
        return roots[asked]
    if len(roots) > 1:
        raise Refused("jurisdiction_id was not provided. Name one of: {known}.", known=", ".join(sorted(roots)))
    return next(iter(roots.values()), "-")


def services(session: Session, language: str) -> list[Record]:
    """The types of service: every category, and one for what has none yet."""
    known = dict.fromkeys((*categories.categories(), *vocabulary.codes("imported.category")))
    named = {code: vocabulary.term("category", code, language) for code in known}
    for own in session.exec(select(LocalCategory)):
        named[own.code] = own.zh if language.startswith("zh") else own.en
    named[_UNSORTED] = translate(language, _NONE_YET)
    return [_service(code, name) for code, name in named.items()]


_NONE_YET = listed("Not yet classified")


def _service(code: str, name: str) -> Record:
    told = {"service_code": code, "service_name": name, "description": name, "metadata": False}
    return told | {"type": "realtime", "keywords": None, "group": None}


def definition(session: Session, code: str, language: str) -> Record:
    """The definition of a service: no service asks for more than a place and words."""
    if code not in {one["service_code"] for one in services(session, language)}:
        raise NotFound("service_code {given} was not found.", given=code[:40])
    return {"service_code": code, "attributes": []}


def asked(session: Session, params: Mapping[str, str]) -> Asked:
    """What the parameters ask for. Refused, with the parameter, for what makes no sense."""
    path = jurisdiction(session, params)
    numbers = _several(params, "service_request_id")
    if numbers:  # It overrides all other arguments.
        return Asked(path, numbers)
    start, end = _span(_moment(params, "start_date"), _moment(params, "end_date"))
    statuses = _several(params, "status")
    if unknown := set(statuses) - set(_STATUSES):
        raise _wrong("status", min(unknown))
    if len(statuses) == len(_STATUSES):
        statuses = ()
    size = _whole(params, "page_size", MOST)
    if size > MOST:
        raise _wrong("page_size", str(size))
    offset = (_whole(params, "page", 1) - 1) * size
    return Asked(path, (), _several(params, "service_code"), statuses, start, end, size, offset)


def _several(params: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in params.get(name, "").split(",") if part.strip())
    if len(found) > _MOST_IDS:
        raise _wrong(name, f"{found[0]}…")
    for part in found:
        if not _CODE.fullmatch(part):
            raise _wrong(name, part)
    return tuple(sorted(set(found)))


def _whole(params: Mapping[str, str], name: str, usual: int) -> int:
    given = params.get(name, "") or str(usual)
    if not _WHOLE.fullmatch(given) or not int(given):
        raise _wrong(name, given)
    return int(given)


def _moment(params: Mapping[str, str], name: str) -> datetime | None:
    given = params.get(name, "")
    if not given:
        return None
    try:
        # A plus sign that nobody encoded arrives as a blank.
        found = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise _wrong(name, given) from None
    if found.tzinfo is None or not clock.plausible(found.date()):
        raise _wrong(name, given)
    return found


def _span(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    last = end or (start + SPAN if start else clock.now())
    first = start or last - SPAN
    if first > last:
        raise Refused("start_date lies after end_date.")
    if last - first > SPAN:
        raise Refused("start_date and end_date may not span more than 90 days.")
    # Questions that differ by less than a minute are the same question, and have the same answer: all of both minutes.
    return _minute(first), _minute(last) + timedelta(minutes=1)


def _minute(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _wrong(name: str, given: str) -> Refused:
    return Refused("{name} is not valid: {given}", name=name, given=given[:40])


def requests(session: Session, wanted: Asked, language: str) -> list[Record]:
    """The requests asked for, newest first; at most a minute old."""
    question = ("open311", wanted, language)
    answer = partial(_requests, session, wanted, language)
    return versioned_cache.kept(session, PUBLIC, question, answer, 60, _ANSWERS)


def request(session: Session, params: Mapping[str, str], number: str, language: str) -> list[Record]:
    """One request. NotFound says the same of one that is not public and of one that is not there."""
    path = jurisdiction(session, params)
    found = requests(session, Asked(path, (number,)), language) if _CODE.fullmatch(number) else []
    if not found:
        raise NotFound("service_request_id {given} was not found.", given=number[:40])
    return found


def _requests(session: Session, wanted: Asked, language: str) -> list[Record]:
    query = (
        select(Matter, Area.path, Organisation.name)
        .join(Area, col(Area.id) == Matter.area_id)
        .outerjoin(Organisation, col(Organisation.id) == Matter.unit_id)
        .where(*matters.conditions(session, PUBLIC, Filter(path=wanted.path, flow="")), *_narrowed(wanted))
        .where(col(Matter.flow).in_(flows.marked("open311", "shown")))
        .order_by(col(Matter.opened_at).desc(), col(Matter.id).desc())
    )
    rows = session.exec(query.limit(wanted.size).offset(wanted.offset)).all()
    names, moved = _names(session, [path for _, path, _ in rows]), _moved(session, [row[0].id for row in rows])
    return [
        _told(matter, _address(matter, path, names), unit, moved.get(matter.id), language)
        for matter, path, unit in rows
    ]


def _narrowed(wanted: Asked) -> list[ColumnElement[bool]]:
    if wanted.numbers:
        return [col(Matter.number).in_(wanted.numbers)]
    found = [col(Matter.opened_at) >= wanted.start, col(Matter.opened_at) < wanted.end]
    if wanted.codes:
        unsorted = col(Matter.category).is_(None) if _UNSORTED in wanted.codes else col(Matter.id).is_(None)
        found.append(col(Matter.category).in_(wanted.codes) | unsorted)
    if wanted.statuses:
        found.append(matters.is_open() if wanted.statuses[0] == "open" else ~matters.is_open())
    return found


def _names(session: Session, paths: list[str]) -> dict[str, str]:
    codes = {code for path in paths for code in path.strip("/").split("/")}
    return dict(session.exec(select(Area.code, Area.name).where(col(Area.code).in_(codes))).all())


def _moved(session: Session, ids: list[int]) -> dict[int, datetime]:
    """When each matter last took a step that the public reads."""
    told = {step for flow in flows.marked("open311", "shown") for step in disclosure.steps(flow)}
    steps = col(Event.action).in_(told)
    query = select(Event.matter_id, func.max(Event.at)).where(col(Event.matter_id).in_(ids), steps)
    return dict(session.exec(query.group_by(col(Event.matter_id))).all())


def _address(matter: Matter, path: str, names: dict[str, str]) -> str:
    above = [names[code] for code in reversed(path.strip("/").split("/")) if code in names]
    # Who writes the estate as the place would have it there twice.
    return ", ".join(dict.fromkeys(filter(None, (_public(matter.location), *above))))


def _public(text: str) -> str:
    # Anybody may read this, also where the writer overlooked the warning; and a name may stand beside the number.
    return "" if privacy.found_in(text) else text


def _told(matter: Matter, address: str, unit: str | None, moved: datetime | None, language: str) -> Record:
    code = matter.category or _UNSORTED
    name = vocabulary.term("category", matter.category, language) or translate(language, _NONE_YET)
    return {
        "service_request_id": matter.number,
        "status": "open" if matter.is_open else "closed",
        "status_notes": vocabulary.term(f"state.{matter.flow}", matter.state, language),
        "service_name": name,
        "service_code": code,
        "description": "\n".join(filter(None, (_public(matter.title), _public(matter.description)))),
        "agency_responsible": unit,
        "service_notice": None,
        "requested_datetime": _written(matter.opened_at),
        "updated_datetime": _written(matter.closed_at or moved or matter.opened_at),
        "expected_datetime": _written(matter.due_at),
        "address": address,
        "address_id": None,
        "zipcode": None,
        "lat": matter.lat,
        "long": matter.lng,
        "media_url": None,
    }


def _written(at: datetime | None) -> str | None:
    return clock.local(at).isoformat(timespec="seconds") if at else None
