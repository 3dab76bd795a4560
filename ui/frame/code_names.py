"""Names for the codes that events keep: organisations, forums and venues."""

from sqlmodel import Session, select

from models.ledger import LedgerAccount
from models.organisation import Organisation
from models.place import Forum, Office, Venue
from services.rights.permissions import Actor


def by_code(session: Session, _actor: Actor) -> dict[str, str]:
    """Code to name. These are names of bodies and places, which every reader may know."""
    found: dict[str, str] = {}
    for table in (Organisation, Forum, Venue, LedgerAccount):
        found |= dict(session.exec(select(table.code, table.name)).all())
    return found | dict(session.exec(select(Office.code, Office.title)).all())
