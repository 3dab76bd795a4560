"""Watching: every session notes what it writes into a sealed table, and seals it before it commits.

A statement on the connection, past the session, notes what it wrote itself: ``settling.enter``, ``rows.rewritten``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.state import InstanceState

from services.system.seals import marks, rows, settling
from services.system.seals.marks import Drop, Move, Put, Set
from services.system.seals.tables import Sealed, sealed

# What an UPDATE says of itself that only puts back what is there, to hold the row.
SAME = "writes_the_same"


def watch() -> None:
    """Let all sessions be watched."""
    event.listen(Session, "before_flush", _going)
    event.listen(Session, "after_flush", _flushed)
    event.listen(Session, "do_orm_execute", _executed)
    event.listen(Session, "before_commit", _committing)
    event.listen(Session, "after_transaction_create", _begun)
    event.listen(Session, "after_soft_rollback", _taken_back)
    event.listen(Session, "after_transaction_end", _ended)


def _sealed(thing: object) -> Sealed | None:
    return sealed(thing.__tablename__)  # type: ignore[attr-defined]


def _before(state: InstanceState[Any]) -> dict[str, Any]:
    """The row of an object as it was when it was read."""
    return state.dict | {name: old for name, old in state.committed_state.items() if name in state.dict}


def _going(session: Any, _context: object, _instances: object) -> None:
    """Rows that go are noted while the rows they hang on are still there."""
    for thing in session.deleted:
        one = _sealed(thing)
        if one is not None:
            marks.mark(session, one, _Read(thing), Drop)


class _Read(Mapping[str, Any]):
    """An object as a row."""

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __getitem__(self, name: str) -> Any:
        return getattr(self._thing, name)

    def __iter__(self) -> Iterator[str]:
        return iter(inspect(self._thing).dict)

    def __len__(self) -> int:
        return len(inspect(self._thing).dict)


def _flushed(session: Any, _context: object) -> None:
    changed = [(one, inspect(thing)) for thing in session.dirty if (one := _sealed(thing)) is not None]
    moved = [(one, state) for one, state in changed if _is_moved(one, state)]
    _move(session, moved)
    for one, state in changed:
        _change(session, one, state)
    new = [(one, inspect(thing)) for thing in session.new if (one := _sealed(thing)) is not None]
    # What others hang on comes first.
    for one, state in sorted(new, key=lambda pair: pair[0].up is not None):
        _add(session, one, state)


def _is_moved(one: Sealed, state: InstanceState[Any]) -> bool:
    named = {*one.keys, *([one.up.name] if one.up is not None else [])}
    old = state.committed_state
    return any(name in old and old[name] != state.dict[name] for name in named & old.keys())


def _move(session: Any, moved: list[tuple[Sealed, InstanceState[Any]]]) -> None:
    """Rows whose key changed are called otherwise on their leaf; what comes from another leaf is new on this one."""
    renamed: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for one, state in moved:
        (old_leaf, old), (leaf, key) = (marks.leaf(session, one, row) for row in (_before(state), state.dict))
        if old_leaf == leaf:
            renamed.setdefault(leaf, []).append((old, key))
            continue
        marks.of(session).told.append((old_leaf, Drop(old)))
        marks.of(session).told.append((leaf, Put(key, one.cells(_whole(session, one, state)))))
    marks.of(session).told.extend((leaf, Move(tuple(keys))) for leaf, keys in renamed.items())


def _change(session: Any, one: Sealed, state: InstanceState[Any]) -> None:
    names = one.writers.keys() & state.committed_state.keys()
    if not names:
        return
    if names | _naming(one) <= state.dict.keys():
        marks.mark(session, one, _Named(state.dict, names | _naming(one)), Set)
    else:
        # What the database worked out, or what this object has not read.
        rows.rewritten(session, one.name, [_identity(one, state)], sorted(names))


def _identity(one: Sealed, state: InstanceState[Any]) -> dict[str, Any]:
    return dict(zip((column.name for column in one.table.primary_key.columns), state.identity or (), strict=True))


def _naming(one: Sealed) -> set[str]:
    return {*(column.name for column in one.table.primary_key.columns), *([one.up.name] if one.up is not None else [])}


class _Named(dict[str, Any]):
    """Only these columns of a row."""

    def __init__(self, row: Mapping[str, Any], names: set[str]) -> None:
        super().__init__((name, row[name]) for name in names if name in row)


def _add(session: Any, one: Sealed, state: InstanceState[Any]) -> None:
    marks.mark(session, one, _whole(session, one, state), Put)


def _whole(session: Any, one: Sealed, state: InstanceState[Any]) -> Mapping[str, Any]:
    """The row of an object with every column; read back where the database gave some."""
    if one.writers.keys() <= state.dict.keys():
        return state.dict
    return rows.read(session, one, [state.dict], list(one.writers))[0]


def _executed(state: ORMExecuteState) -> Any:
    """A statement on many rows: which ones it means is asked before, what they hold then after."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return None
    one = sealed(state.statement.table.name)  # type: ignore[attr-defined]
    if one is None or state.execution_options.get(SAME):
        return None
    if state.is_insert:
        raise RuntimeError("Rows of a sealed table are added as objects, or noted with seals.note.")
    names = sorted(one.writers.keys() & _named(state.statement)) if state.is_update else []
    if state.is_update and not names:
        return None
    session: Any = state.session
    met = rows.meant(session, one, state.statement, state.parameters)
    done = state.invoke_statement()
    if state.is_update:
        rows.rewritten(session, one.name, met, names)
    else:
        rows.removed(session, one, met)
    return done


def _named(statement: Any) -> set[str]:
    """The columns an UPDATE sets."""
    if not statement._values:
        raise RuntimeError("An UPDATE of a sealed table says in values() what it sets.")
    return {str(getattr(column, "key", column)) for column in statement._values}


def _committing(session: Any) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    settling.settle(session)


def _begun(session: Any, transaction: SessionTransaction) -> None:
    if transaction.nested:
        marks.of(session).savepoints[transaction] = len(marks.of(session).told)


def _taken_back(session: Any, transaction: SessionTransaction) -> None:
    held = marks.there(session)
    if held is not None and transaction in held.savepoints:
        del held.told[held.savepoints[transaction] :]


def _ended(session: Any, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        marks.forget(session)
