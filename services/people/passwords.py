"""Passwords: what is strong enough, and argon2id hashing, two at a time."""

import re
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.system.data_files import rows
from services.system.errors import Refused

LENGTH = 10
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
_LOOKALIKES = str.maketrans("@$", "as")
_hasher = PasswordHasher()
# One check takes 64 MiB and a core for a sixth of a second: a burst of sign-ins queues instead of starving the desk.
_queue = BoundedSemaphore(2)


def check(password: str, login: str = "") -> None:
    """Raise Refused unless ``password`` is long, mixed and not a well-known word with decoration."""
    if len(password) < LENGTH or len(password) > 200:
        raise Refused("Choose a password of at least {length} characters.", length=LENGTH)
    if sum(bool(re.search(kind, password)) for kind in _CLASSES) < 3:
        raise Refused("Mix at least three of these in the password: small letters, capital letters, digits, signs.")
    if len(_without_known_words(password, login)) < 6:
        raise Refused("That password is easy to guess. Choose one without common words, years or your sign-in name.")


def _without_known_words(password: str, login: str) -> str:
    rest = password.casefold()
    for word in (login.casefold(), *_weak_words()):
        rest = rest.replace(word, "") if word else rest
        rest = re.sub(re.escape(word), "", rest.translate(_LOOKALIKES)) if word.isalpha() else rest
    return re.sub(r"[\W_]", "", rest)


@lru_cache
def _weak_words() -> tuple[str, ...]:
    return tuple(sorted((row["word"] for row in rows("weak_words.csv")), key=len, reverse=True))


def hashed(password: str) -> str:
    """The argon2id hash to store; it carries its own salt and parameters."""
    with _queue:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``. Takes as long when there is none to compare with."""
    with _queue:
        try:
            return _hasher.verify(stored or _dummy(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether ``stored`` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache
def _dummy() -> str:
    return _hasher.hash("nobody")
