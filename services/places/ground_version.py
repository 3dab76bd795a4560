"""The version of the ground: another one after every change of the areas."""

from sqlalchemy import text
from sqlmodel import Session

# An import of areas, what was typed of them, an undo and a newly loaded place happen without an event.
_GROUND = text(
    "SELECT (SELECT max(id) FROM area), (SELECT max(id) FROM import_batch), "
    "(SELECT count(*) FROM import_batch WHERE undone_at IS NOT NULL), "
    "(SELECT max(id) FROM setup_change), (SELECT count(*) FROM setup_change WHERE undone_at IS NOT NULL)"
)


def ground(session: Session) -> str:
    """The version of the areas, and of whatever is typed, imported or taken back without an event."""
    return ".".join(str(number or 0) for number in session.execute(_GROUND).one())
