"""Seal sums: whether the seals of a kind are all there, and the newest ones: what went with its seal, or came back."""

from collections.abc import Iterator

from sqlmodel import Session, select

from models.matter import Matter
from services.keep.leaf_differences import Finding
from services.system.seals.head import Sum
from services.system.seals.tables import Sealed
from services.words.i18n import listed
from services.words.vocabulary import Word

_ONE_GONE = listed("This row of {table} was removed together with its seal.")
_ONE_OLD = listed("This row of {table} was put back to an earlier state, together with its seal.")
_ONE_MORE = listed("This row of {table} was put back together with its seal, after the program had removed it.")
_SEVERAL = listed(
    "Rows of {table} were removed or put back together with their seals: {written} were sealed, {left} are there."
)


def missing(session: Session, kind: Sealed, wanted: Sum, met: Sum) -> Iterator[Finding]:
    """What the seals that are there lack of what the head tells."""
    lack = wanted - met
    if not (lack.count or lack.first or lack.second):
        return
    told: dict[str, object] = {"table": Word("table", kind.name)}
    one = lack.named() if lack.count in (-1, 0, 1) else None
    if one is None:
        yield Finding("seal", kind.name, _SEVERAL, told | {"written": wanted.count, "left": met.count})
        return
    message = {1: _ONE_GONE, 0: _ONE_OLD, -1: _ONE_MORE}[lack.count]
    yield Finding("removed" if lack.count == 1 else "seal", _called(session, kind, one), message, told)


def _called(session: Session, kind: Sealed, of: int) -> str:
    if kind.name != "matter":
        return f"{kind.name} {of}"
    return session.exec(select(Matter.number).where(Matter.id == of)).first() or f"{kind.name} {of}"
