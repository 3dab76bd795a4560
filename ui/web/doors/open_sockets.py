"""Open websockets, counted by account and by address: each holds a page in memory, so one asker has only so many."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import Scope

from services.rights.permissions import Actor
from services.system.errors import Refused
from services.system.files.holds import Holds
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
    """How many are open, at all processes."""

    def __init__(self) -> None:
        self._open = Holds("socket")

    def require_room(self, scope: Scope, actor: Actor) -> None:
        """Raise Crowded when one more may not be opened."""
        self._require(scope, actor, 1)

    @contextmanager
    def one(self, scope: Scope, actor: Actor) -> Iterator[None]:
        """Counted as long as it is open. Crowded when there is no room for it."""
        keys = _keys(scope, actor)
        for key in keys:
            self._open.take(key)
        try:
            self._require(scope, actor, 0)
            yield
        finally:
            for key in keys:
                self._open.give(key)

    def _require(self, scope: Scope, actor: Actor, more: int) -> None:
        account, address = (self._open.count(key) + more for key in _keys(scope, actor))
        if account > settings().sockets_per_account:
            raise Crowded(_OF_ACCOUNT, count=account - 1)
        if address > settings().sockets_per_address:
            raise Crowded(_OF_ADDRESS, count=address - 1)


def _keys(scope: Scope, actor: Actor) -> tuple[str, str]:
    return f"account {actor.account_id} {actor.name}", f"address {caller(scope)}"


SOCKETS = OpenSockets()
