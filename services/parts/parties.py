"""Parties 参与方: who is called to a matter, signs, comes, answers and is rated; each of it an event on its chain."""

from typing import Any

from pydantic import BaseModel
from sqlmodel import Session, col, select

from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from models.place import Office
from services.engine import fields, workflow
from services.parts import part_turns
from services.rights.matter_rights import lies_in
from services.rights.permissions import Actor, denied, scopes
from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.cleaning import clean


class NewParty(BaseModel):
    """Who is called, by code: exactly one of an organisation, an office and a category of people; and in which part."""

    organisation: str | None = None
    office: str | None = None
    category: str | None = None
    part: str


def invite(session: Session, actor: Actor, number: str, version: int, entered: NewParty) -> Matter:
    """Call somebody to the matter in a part; nobody is called twice in the same one."""
    matter = workflow.claim(session, actor, number, version, "party.invite")
    _check_turn(matter, "party.invite")
    return _tell(session, actor, matter, "party_invited", add(session, matter, entered))


def add(session: Session, matter: Matter, entered: NewParty) -> Party:
    """The same for a step that writes its own event and has asked for the right to."""
    if entered.part not in vocabulary.codes("part"):
        raise Refused("Choose the part they take in the matter.")
    who = _who(session, entered)
    same = (getattr(Party, name) == value for name, value in who.items())
    if session.exec(select(Party).where(Party.matter_id == matter.id, Party.part == entered.part, *same)).first():
        raise Refused("They take this part in {number} already. Look at the list below.", number=matter.number)
    party = Party(matter_id=matter.id, part=entered.part, invited_at=clock.now(), **who)
    session.add(party)
    session.flush()
    return party


def _who(session: Session, entered: NewParty) -> dict[str, Any]:
    given = [name for name in ("organisation", "office", "category") if clean(getattr(entered, name))]
    if len(given) != 1:
        raise Refused("Choose one organisation, one office or one category of people.")
    if entered.category:
        return {"category": _category(entered.category)}
    model: type[Organisation] | type[Office] = Organisation if given == ["organisation"] else Office
    found = session.exec(select(model.id).where(model.code == clean(getattr(entered, given[0])))).first()
    if found is None:
        raise Refused("Choose one organisation, one office or one category of people.")
    return {f"{given[0]}_id": found}


def _category(code: str) -> str:
    if code not in vocabulary.codes("participant"):
        raise Refused("Choose one organisation, one office or one category of people.")
    return code


def sign(session: Session, actor: Actor, number: str, version: int, party_id: int) -> Matter:
    """They have put their name to it; signing again keeps the first time."""
    matter, party = _claim(session, actor, number, version, "party.sign", party_id)
    party.signed_at = party.signed_at or clock.now()
    return _tell(session, actor, matter, "party_signed", party)


def attend(session: Session, actor: Actor, number: str, version: int, party_id: int, came: bool) -> Matter:
    """Keep whether they came."""
    matter, party = _claim(session, actor, number, version, "party.attend", party_id)
    party.attended = came
    return _tell(session, actor, matter, "party_attended", party, attended=came)


def answer(session: Session, actor: Actor, number: str, version: int, party_id: int, text: str) -> Matter:
    """Keep what they answer, 1 to 500 characters; the newest answer stands, the chain has them all."""
    matter, party = _claim(session, actor, number, version, "party.answer", party_id)
    party.answer = fields.text(text, 500, Refused("Enter what they answer."), fields.TOO_LONG)
    party.answered_at = clock.now()
    return _tell(session, actor, matter, "party_answered", party, text=party.answer)


def rate(session: Session, actor: Actor, number: str, version: int, party_id: int, rating: str) -> Matter:
    """Keep how satisfied those who lead the matter are with what the party did."""
    matter, party = _claim(session, actor, number, version, "party.rate", party_id)
    party.rating_received = _rating(rating)
    return _tell(session, actor, matter, "party_rated", party, rating_received=rating)


def rate_back(session: Session, actor: Actor, number: str, version: int, party_id: int, rating: str) -> Matter:
    """Keep how satisfied the party is with how the matter was led."""
    matter, party = _claim(session, actor, number, version, "party.rate_back", party_id)
    party.rating_given = _rating(rating)
    return _tell(session, actor, matter, "party_rated", party, rating_given=rating)


def _rating(code: str) -> str:
    if code not in vocabulary.codes("satisfaction") or code == "unknown":
        raise Refused("Choose how satisfied they are.")
    return code


def decline(session: Session, actor: Actor, number: str, version: int, party_id: int, reason: str) -> Matter:
    """They decline, or leave, and say why."""
    matter, party = _claim(session, actor, number, version, "party.sign", party_id)
    party.reason = fields.text(reason, 500, Refused("Enter why they do not take part."), fields.TOO_LONG)
    party.left_at = clock.now()
    return _tell(session, actor, matter, "party_left", party, reason=party.reason)


def _claim(session: Session, actor: Actor, number: str, version: int, act: str, party_id: int) -> tuple[Matter, Party]:
    matter = workflow.claim(session, actor, number, version, act)
    party = session.get(Party, party_id)
    if party is None or party.matter_id != matter.id or party.left_at is not None:
        raise Refused("They take no part in {number} any more. Look at the list below.", number=matter.number)
    if not may(session, actor, act, matter, party):
        raise denied()
    _check_turn(matter, act)
    return matter, party


def may(session: Session, actor: Actor, act: str, matter: Matter, party: Party) -> bool:
    """Whether the right holds for this party: as a unit alone one speaks for one's organisation and those below it."""
    held = scopes(actor, act) & lies_in(session, actor, matter)
    own = session.get(Organisation, party.organisation_id or 0)
    return bool(held) and (held != {"unit"} or (own is not None and own.path.startswith(actor.organisation_path)))


def _check_turn(matter: Matter, act: str) -> None:
    """A flow may say in which of its states an act on a party is done."""
    part_turns.require(matter, "parties", act.partition(".")[2])


def _tell(session: Session, actor: Actor, matter: Matter, action: str, party: Party, **told: Any) -> Matter:
    return workflow.record(session, actor, matter, action, {**named(session, party), "part": party.part, **told})


def named(session: Session, party: Party) -> dict[str, str]:
    """Who a party is, as an event keeps it: the code of the organisation, the office or the category of people."""
    if party.organisation_id:
        return {"organisation": session.get_one(Organisation, party.organisation_id).code}
    if party.office_id:
        return {"office": session.get_one(Office, party.office_id).code}
    return {"participant": str(party.category)}


def parties_of(session: Session, matter: Matter, part: str = "") -> list[Party]:
    """The parties of a matter in the order they were called, those who left among them; of one part, or of all."""
    query = select(Party).where(Party.matter_id == matter.id).order_by(col(Party.id))
    return list(session.exec(query.where(Party.part == part) if part else query))


def still_open(session: Session, matter: Matter) -> list[Party]:
    """Those who were called and have neither answered nor left."""
    return [one for one in parties_of(session, matter) if one.answered_at is None and one.left_at is None]
