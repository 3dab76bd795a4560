"""Sealed rows: whether every row people read is as the program wrote it, and whether none went with its seal."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from services.keep import leaf_differences, seal_sums
from services.keep.leaf_differences import Finding
from services.system.progress import Progress, silent
from services.system.seals import book, reading
from services.system.seals import head as heads
from services.system.seals.book import Held, Seal
from services.system.seals.head import Head, Sum
from services.system.seals.tables import Sealed, every, kinds
from services.words.i18n import listed
from services.words.vocabulary import Word

_PIECE, _ALL = 2000, 2_000_000_000
_FIRST, _LAST = -(2**62), 2**62

_NO_HEAD = listed("The head of the seals is missing or was changed: what people read can't be proved.")
_STRAYS = listed("{count} seals of nothing were added without the program.")
_LOST = listed("{count} rows of {table} hang on nothing: they were added, or what they hung on was removed.")


@dataclass
class Met:
    """What a walk over leaves has met: the sum of their sound seals, and how many rows of each table."""

    sum: Sum = field(default_factory=Sum)
    rows: Counter[str] = field(default_factory=Counter)
    wrong: int = 0


def findings(session: Session, progress: Progress = silent) -> Iterator[Finding]:
    """Everything that is not as it was sealed: one sentence for each leaf, then what is missing as a whole."""
    connection = session.connection()
    head = heads.head(connection)
    if head is None or not head.sound or heads.covered(connection, head) is None:
        yield Finding("seal", "seal", _NO_HEAD)
        return
    seen, wrong, proved = Counter[str](), 0, 0
    total = sum(one.count for one in head.sums.values())
    for kind in kinds():
        met = Met()
        for seals, lying in _pieces(connection, kind):
            progress("Checking the seals", min(proved, total), total)
            proved += len(seals)
            yield from _compared(kind, seals, lying, met)
        seen, wrong = seen + met.rows, wrong + met.wrong
        if not met.wrong:
            yield from seal_sums.missing(session, kind, head.sums.get(kind.name, Sum()), met.sum)
    progress("Checking the seals", total, total)
    yield from () if wrong else _lost(connection, seen, proved)


def _pieces(connection: Connection, kind: Sealed) -> Iterator[tuple[list[Seal], dict[int, Held]]]:
    """The seals of a kind and what lies on its leaves, the same stretch of both at a time."""
    after, piece = _FIRST, _PIECE if kind.numbered else _ALL
    while True:
        seals = book.after(connection, kind.name, after, piece)
        until = seals[-1].of if len(seals) == piece else _LAST
        yield seals, reading.leaves(connection, kind, after, until)
        if until == _LAST:
            return
        after = until


def _compared(kind: Sealed, seals: list[Seal], lying: dict[int, Held], met: Met) -> Iterator[Finding]:
    known = {seal.of: seal for seal in seals}
    for of in sorted(known.keys() | lying.keys()):
        seal, held = known.get(of), lying.get(of, {})
        met.rows.update(_tables(kind, held))
        if seal is not None and seal.sound:
            met.sum.add(seal)
            if seal.held == held:
                continue
        found = leaf_differences.first(kind, of, seal, held)
        if found is not None:
            met.wrong += 1
            yield found


def _tables(kind: Sealed, held: Held) -> Iterator[str]:
    return (key.partition(":")[0] or kind.name for key in held)


def _lost(connection: Connection, seen: Counter[str], proved: int) -> Iterator[Finding]:
    """Rows on no leaf at all, and seals of nothing."""
    if left := heads.strays(connection, proved):
        yield Finding("seal", "seal", _STRAYS, {"count": left})
    for one in every():
        count = connection.execute(select(func.count()).select_from(one.table)).scalar_one() - seen[one.name]
        if count:
            yield Finding("inserted", one.name, _LOST, {"count": count, "table": Word("table", one.name)})


def vouched_since(session: Session) -> Head | None:
    """Since when the seals vouch for what people read; none where there are no sound ones."""
    head = heads.head(session.connection())
    return head if head is not None and head.sound else None
