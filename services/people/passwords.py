"""Passwords: argon2id hashing. How strong one must be says ``services.people.strength``."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash to store; it carries its own salt and parameters. Takes 64 MiB and a sixth of a second."""
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether ``stored`` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
