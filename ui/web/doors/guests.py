"""Guests: requests of people who are not signed in, so many at a time from one address."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from services.system.errors import Refused
from services.system.files.holds import Holds
from services.words.i18n import listed
from ui.web.doors.callers import caller

# A whole office behind one address may sign in at once while somebody there tries names without end.
AT_ONCE = 120
_MANY = listed("Many people are signing in at this moment. Try again in a minute.")


class Guests:
    """How many are being answered, by all processes."""

    def __init__(self) -> None:
        self._here = Holds("guest")

    @contextmanager
    def one(self, scope: Scope) -> Iterator[None]:
        """Counted until it is answered. Refused where as many are waiting from there already."""
        address = caller(scope)
        self._here.take(address)
        try:
            if self._here.count(address) > AT_ONCE:
                raise Refused(_MANY)
            yield
        finally:
            self._here.give(address)


GUESTS = Guests()
