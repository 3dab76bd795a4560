"""Facts: what all processes on one database agree on, each sealed by itself."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from models.fact import Fact
from services.system import hash_chain

KEY, ZONE, CLOCK, DATABASE = "key", "timezone", "clock", "database"


def value(session: Session, name: str) -> str:
    """What was agreed on; nothing where nothing was yet."""
    return session.exec(select(Fact.value).where(col(Fact.name) == name)).first() or ""


def put(session: Session, name: str, told: str) -> None:
    """Agree on something, in the caller's transaction."""
    fact = session.get(Fact, name) or Fact(name=name, value="", digest="")
    fact.value, fact.digest = told, _digest(name, told)
    session.add(fact)
    session.flush()


def seal(session: Session) -> None:
    """Seal all facts again, after the key was changed."""
    for fact in session.exec(select(Fact)):
        put(session, fact.name, fact.value)


def forged(session: Session) -> Iterator[str]:
    """The names of facts that were changed without the program."""
    for fact in session.exec(select(Fact).order_by(col(Fact.name))):
        if fact.digest != _digest(fact.name, fact.value):
            yield fact.name


def _digest(name: str, told: str) -> str:
    return hash_chain.digest("fact", name, told)
