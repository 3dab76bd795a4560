"""Party steps: which act on a party is in turn where a matter stands, as ``[parties]`` of ``flow.toml`` says."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.matter import Matter
from models.organisation import Organisation
from models.party import Party
from services.engine import flows, workflow
from services.engine.look_checks import PARTY_ACTS
from services.parts import part_turns, parties
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from services.system.errors import Refused


@dataclass(frozen=True)
class Called:
    """A party with its name, how many of the promises it made are kept, and what this reader may do about it now."""

    party: Party
    name: str
    kept: int
    promised: int
    acts: tuple[str, ...]


def part_of(flow: str) -> str:
    """The part in which a flow calls units; empty where it calls nobody."""
    return str(flows.flow(flow).part("parties").get("part", ""))


def in_turn(matter: Matter, act: str) -> bool:
    """Whether ``act`` is done where the matter stands; a flow that says nothing about it leaves it open."""
    return part_turns.in_turn(matter, "parties", act)


def may_invite(session: Session, actor: Actor, matter: Matter) -> bool:
    """Whether this reader may call somebody now."""
    return in_turn(matter, "invite") and may_with(session, actor, "party.invite", matter)


def called(session: Session, actor: Actor, matter: Matter) -> list[Called]:
    """Everybody called to the matter, in the order they were called."""
    found = parties.parties_of(session, matter, part_of(matter.flow))
    ids = {one.organisation_id for one in found if one.organisation_id}
    names = {one.id: one for one in session.exec(select(Organisation).where(col(Organisation.id).in_(ids)))}
    hung = session.exec(select(Matter).where(Matter.parent_id == matter.id, col(Matter.unit_id).in_(ids)))
    items = list(hung)
    return [_called(session, actor, matter, one, names.get(one.organisation_id or 0), items) for one in found]


def _called(
    session: Session, actor: Actor, matter: Matter, party: Party, unit: Organisation | None, items: list[Matter]
) -> Called:
    mine = [item for item in items if unit and item.unit_id == unit.id]
    kept = sum(flows.state(item.flow, item.state).kind == "done" for item in mine)
    acts = tuple(act for act in PARTY_ACTS[1:] if _offered(session, actor, matter, party, act))
    return Called(party, unit.name if unit else str(party.category or ""), kept, len(mine), acts)


def _offered(session: Session, actor: Actor, matter: Matter, party: Party, act: str) -> bool:
    if party.left_at or not in_turn(matter, act) or (act == "sign" and party.signed_at):
        return False
    return parties.may(session, actor, f"party.{act}", matter, party)


def all_signed(session: Session, matter: Matter) -> bool:
    """Whether everybody who was called has signed or declined, and somebody signed."""
    found = parties.parties_of(session, matter, part_of(matter.flow))
    return any(one.signed_at for one in found) and all(one.signed_at or one.left_at for one in found)


def open_ones(session: Session, matter: Matter) -> list[Party]:
    """Those who take part and have not been rated, or have not rated, yet."""
    found = parties.parties_of(session, matter, part_of(matter.flow))
    return [one for one in found if not one.left_at and not (one.rating_received and one.rating_given)]


@workflow.guard
def parties_are(session: Session, matter: Matter, _values: dict[str, object], how: str) -> None:
    """``parties_are:called`` somebody is; ``signed``: all have signed or declined; ``rated``: both sides of each."""
    found = [one for one in parties.parties_of(session, matter, part_of(matter.flow)) if not one.left_at]
    if how == "called" and not found:
        raise Refused("Nobody is called yet. Call at least one unit first.")
    if how == "signed" and not all_signed(session, matter):
        raise Refused("Not everybody who was called has signed in or declined. Wait for them, or take the other step.")
    waiting = open_ones(session, matter) if how == "rated" else []
    if waiting:
        raise Refused(
            "{count} units have not rated or been rated yet. Both sides rate each other first.", count=len(waiting)
        )


def _known(how: str) -> str:
    return "" if how in ("called", "signed", "rated") else "parties_are:called, parties_are:signed, parties_are:rated"


parties_are.check = _known  # type: ignore[attr-defined]
