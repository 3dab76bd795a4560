"""Filings 备案: organisations on file, whom they serve, and whether their yearly review 年审 is due."""

from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.area import Area
from models.organisation import Filing, Organisation
from services.engine.fields import short
from services.places.areas import within
from services.registers import kinds
from services.rights import audit
from services.rights.permissions import Actor, require
from services.rules import rules
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary


class NewFiling(BaseModel):
    """The organisation by its code, the number and day of its filing, and in words whom it serves."""

    organisation: str
    number: str = ""
    filed_on: date
    serves: str = ""


@dataclass(frozen=True)
class Filed:
    """An organisation and its filing, if it has one; ``due`` is the day by which the next review is to be done."""

    body: Organisation
    area: str
    filing: Filing | None
    due: date | None
    standing: str


def put(session: Session, actor: Actor, entered: NewFiling) -> Filing:
    """Put an organisation on file, or correct its filing; reviews that were done stay. The audit says who did."""
    body, where = organisation(session, entered.organisation)
    require(actor, "filing.write", where)
    if entered.filed_on > clock.today():
        raise Refused("Choose the day on which it was put on file: today or earlier.")
    found = session.get(Filing, body.id) or Filing(organisation_id=body.id, filed_on=entered.filed_on)
    if found.reviewed_on is not None and found.reviewed_on < entered.filed_on:
        raise Refused("Choose a day of filing that is not later than the last review.")
    found.number, found.serves = short(entered.number, 48), short(entered.serves, 200)
    found.filed_on = entered.filed_on
    session.add(found)
    session.flush()
    told = {"number": found.number, "filed_on": found.filed_on.isoformat(), "serves": found.serves}
    audit.write(session, actor.name, "filing.write", body.code, told, area=where)
    return found


def review(session: Session, actor: Actor, code: str, on: date) -> Filing:
    """The yearly review of an organisation on file was done on a day."""
    body, where = organisation(session, code)
    require(actor, "filing.write", where)
    found = session.get(Filing, body.id)
    if found is None:
        raise Refused("Put the organisation on file first, then enter its review.")
    if not (found.reviewed_on or found.filed_on) <= on <= clock.today():
        raise Refused("Choose the day of the review: after the last one, and today at the latest.")
    found.reviewed_on = on
    session.flush()
    audit.write(session, actor.name, "filing.review", body.code, {"reviewed_on": on.isoformat()}, area=where)
    return found


def organisation(session: Session, code: str) -> tuple[Organisation, str]:
    """An organisation by its code, and the path of the area of its seat."""
    query = select(Organisation, Area.path).join(Area, col(Area.id) == Organisation.area_id)
    found: tuple[Organisation, str] | None = session.exec(query.where(Organisation.code == code)).first()
    if found is None:
        raise Refused("Choose an organisation from the list.")
    return found


def filings(session: Session, path: str) -> list[Filed]:
    """The organisations at or below ``path`` that are on file or should be; those not on file and overdue first."""
    query = select(Organisation, Area.name, Filing).join(Area, col(Area.id) == Organisation.area_id)
    query = query.join(Filing, col(Filing.organisation_id) == Organisation.id, isouter=True)
    query = query.where(within(path), col(Organisation.closed_at).is_(None))
    asked = col(Organisation.kind).in_(kinds.on_file()) | col(Filing.organisation_id).is_not(None)
    told = [_filed(body, area, filing) for body, area, filing in session.exec(query.where(asked)).all()]
    order = vocabulary.codes("review")
    return sorted(told, key=lambda one: (order.index(one.standing), one.due or date.min, one.body.path))


def _filed(body: Organisation, area: str, filing: Filing | None) -> Filed:
    if filing is None:
        return Filed(body, area, None, None, "unfiled")
    due = (filing.reviewed_on or filing.filed_on) + timedelta(days=int(rules.rule("filing.review").value))
    return Filed(body, area, filing, due, _standing(due, clock.today()))


def _standing(due: date, today: date) -> str:
    if due < today:
        return "overdue"
    return "due" if due - timedelta(days=int(rules.rule("filing.soon").value)) <= today else "reviewed"
