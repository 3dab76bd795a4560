"""Guests: requests of people who are not signed in, so many at a time from one address."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from services.system.errors import Refused
from services.words.i18n import listed
from ui.web.doors.callers import caller

# A whole office behind one address may sign in at once while somebody there tries names without end.
AT_ONCE = 120
_MANY = listed("Many people are signing in at this moment. Try again in a minute.")


class Guests:
    """How many are being answered. Only the event loop asks and counts."""

    def __init__(self) -> None:
        self._here: Counter[str] = Counter()

    @contextmanager
    def one(self, scope: Scope) -> Iterator[None]:
        """Counted until it is answered. Refused where as many are waiting from there already."""
        address = caller(scope)
        if self._here[address] >= AT_ONCE:
            raise Refused(_MANY)
        self._here[address] += 1
        try:
            yield
        finally:
            self._here[address] -= 1
            self._here += Counter()


GUESTS = Guests()
