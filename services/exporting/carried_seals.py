"""Carried seals: what a full export proves on the other side too; what leaves it out is sealed as it is found there."""

from sqlmodel import Session, SQLModel, delete

from models.seal import Seal, SealHead
from services.exporting import table_scopes
from services.exporting.manifests import Manifest
from services.system.seals import adopting, book
from services.system.seals import head as heads
from services.system.seals.book import OWN
from services.system.seals.head import Head

_PIECE = 2000


def make_room(session: Session) -> None:
    """Take away the seals of the empty database, before those of the export come."""
    for model in (Seal, SealHead):
        session.connection().execute(delete(model))


def settle(session: Session, told: Manifest) -> None:
    """Let the seals of a whole export go on here, without those of what never leaves; seal anything else as it is."""
    connection = session.connection()
    head = heads.head(connection)
    if head is None:
        adopting.anew(connection, adopting.PART)
        return
    if not head.sound:
        return
    for name in table_scopes.NEVER & head.sums.keys():
        connection.execute(delete(Seal).where(SQLModel.metadata.tables["seal"].c.kind == name))
        del head.sums[name]
    if not told.passwords:
        _without_passwords(session, head)
    heads.save(connection, head)


def _without_passwords(session: Session, head: Head) -> None:
    connection, after = session.connection(), 0
    while seals := book.after(connection, "account", after, _PIECE):
        after = seals[-1].of
        kept = [seal for seal in seals if seal.sound and "password" in seal.held[OWN]]
        for seal in kept:
            head.add(seal, -1)
        made = [book.make((seal.kind, seal.of), head.turn, _bare(seal)) for seal in kept]
        for seal in made:
            head.add(seal)
        book.replace_all(connection, made)


def _bare(seal: book.Seal) -> book.Held:
    held = seal.held
    del held[OWN]["password"]
    return held
