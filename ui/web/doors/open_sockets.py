"""Open websockets, counted by account and by address: each holds a page in memory, so one asker has only so many."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from services.rights.permissions import Actor
from services.system.errors import Refused
from services.system.settings import settings
from services.words.i18n import listed
from ui.web.doors.callers import caller

_OF_ACCOUNT = listed(
    "This account has {count} pages open, as many as it may. Close one that is not needed, and this one goes on."
)
_OF_ADDRESS = listed(
    "{count} pages are open from this address, as many as may be. Close one that is not needed, and this one goes on."
)


class Crowded(Refused):
    """One asker has as many pages open as there may be."""


class OpenSockets:
    """How many are open. Only the event loop asks and counts, so nothing needs a lock."""

    def __init__(self) -> None:
        self._open: Counter[tuple[str, str]] = Counter()

    def require_room(self, scope: Scope, actor: Actor) -> None:
        """Raise Crowded when one more may not be opened."""
        account, address = _keys(scope, actor)
        if self._open[account] >= settings().sockets_per_account:
            raise Crowded(_OF_ACCOUNT, count=self._open[account])
        if self._open[address] >= settings().sockets_per_address:
            raise Crowded(_OF_ADDRESS, count=self._open[address])

    @contextmanager
    def one(self, scope: Scope, actor: Actor) -> Iterator[None]:
        """Counted as long as it is open. Crowded when there is no room for it."""
        self.require_room(scope, actor)
        self._open.update(_keys(scope, actor))
        try:
            yield
        finally:
            self._open.subtract(_keys(scope, actor))
            self._open += Counter()


def _keys(scope: Scope, actor: Actor) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("account", f"{actor.account_id} {actor.name}"), ("address", caller(scope))


SOCKETS = OpenSockets()
