"""Server link: connections to PostgreSQL, with limits, and given up soon where the server is down or falls silent.

A server whose machine is frozen takes what is sent and never answers, and the network sees nothing wrong with that: so
each connection has a patience of its own, and after one was given up nobody tries again for a moment.
"""

import time
from typing import Any

import psycopg
from psycopg.errors import OperationalError as Silent
from psycopg.errors import _WaitTimeout as TooLong
from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError

# A server that is down or unreachable is known as such after seconds, not after the quarter of an hour of TCP; two are
# the least that can be asked for.
_PATIENT = {"connect_timeout": 2, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3}
# What no statement of a page takes; what must take longer says so.
STATEMENT = 120
# For how many seconds an idle connection may take to say that it is there, and one in use to answer at all.
_THERE, _ANSWER = 1.0, STATEMENT + 10.0
# For how many seconds nobody tries again.
_PAUSE = 1.0
_SILENT = "the server does not answer"


class Link(psycopg.Connection[Any]):
    """A connection that waits for an answer for at most ``patience`` seconds; for ever, where that is none."""

    patience: float | None = _THERE

    def wait(self, gen: Any, *args: Any, **named: Any) -> Any:
        """Wait for an answer; OperationalError when it does not come, and the connection is of no use any more."""
        try:
            return super().wait(gen, *args, **{"timeout": self.patience, **named})
        except TooLong as error:
            self.pgconn.finish()
            raise Silent(_SILENT) from error


class Door:
    """Where the connections of an engine come in; shut for a moment after the server was silent.

    ``limits`` are set on each; ``options`` are those of the dialect.
    """

    def __init__(self, target: str, limits: str, **options: Any) -> None:
        kind: Any = make_url(target).get_dialect()
        self._dialect = kind(dbapi=kind.import_dbapi(), **options)
        self._told, named = self._dialect.create_connect_args(make_url(target))
        self._named = {**_PATIENT, **named}
        self._limits = limits
        self._shut_until = 0.0

    def watch(self, made: Engine) -> None:
        """Let an engine, whose connections this makes, ask of each whether it is there before it is used."""
        event.listen(made, "connect", self.enter)
        event.listen(made, "checkout", self.ask)

    def connect(self) -> Link:
        """A connection. OperationalError where the server can't be reached, at once where that was tried just now."""
        if time.monotonic() < self._shut_until:
            raise Silent(_SILENT)
        try:
            return Link.connect(*self._told, **self._named)
        except Silent:
            self._shut()
            raise

    def enter(self, link: Link, _record: object) -> None:
        """Set the limits on a new connection."""
        link.execute(self._limits.encode())
        link.commit()

    def ask(self, link: Link, _record: object, _proxy: object) -> None:
        """Whether a connection of the pool is still there, before it is used."""
        link.patience = _THERE
        try:
            self._dialect.do_ping(link)
        except Silent as error:
            if _SILENT not in str(error):
                raise DisconnectionError from error  # The server was started again: another one is made.
            self._shut()
            raise OperationalError("SELECT", None, error) from error
        link.patience = _ANSWER

    def _shut(self) -> None:
        self._shut_until = time.monotonic() + _PAUSE
