"""The supervisor: starts so many workers on one listening socket, and starts another where one has ended."""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

_LOG = logging.getLogger(__name__)
# What a worker ends with that could not start: the next one could not either.
_NOT_STARTED = 3
# One that could not start later on, because the database was away for a moment, is tried again after so many seconds.
_PAUSE = 3.0
_LOOK = 0.2
# A worker ends in eight seconds by itself, whatever is half sent.
_ENDING = 9.0


class Supervisor:
    """So many workers on one listening socket. Whoever of them is idle takes the next connection."""

    def __init__(self, listener: socket.socket, command: Sequence[str], count: int) -> None:
        self._listener = listener
        self._command = [*command, str(listener.fileno())]
        self._count = count
        self._workers: list[subprocess.Popen[bytes]] = []
        self._ending = False
        self._settled = False
        self._not_before = 0.0

    def run(self) -> int:
        """Serve until told to end; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self._workers = [self._start() for _ in range(self._count)]
        began, code = time.monotonic(), 0
        while not self._ending:
            time.sleep(_LOOK)
            self._settled = self._settled or time.monotonic() - began > 60
            code = self._look_after()
        self._stop()
        return code

    def _start(self) -> "subprocess.Popen[bytes]":
        # The pipe at its standard input closes with this process, however that ends.
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, pass_fds=[self._listener.fileno()])

    def _look_after(self) -> int:
        """Start another for each that has ended; not 0 where there is no use in that."""
        for at, worker in enumerate(self._workers):
            code = worker.poll()
            if code is None or self._ending or time.monotonic() < self._not_before:
                continue
            if code == _NOT_STARTED and not self._settled:
                self._ending = True
                return code
            _LOG.warning("Process %s ended (%s); another one takes its place.", worker.pid, code)
            self._not_before = time.monotonic() + (_PAUSE if code == _NOT_STARTED else 0)
            self._workers[at] = self._start()
        return 0

    def _end(self, _number: int, _frame: object) -> None:
        self._ending = True

    def _stop(self) -> None:
        self._listener.close()
        for worker in self._workers:
            worker.terminate()
        deadline = time.monotonic() + _ENDING
        for worker in self._workers:
            try:
                worker.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()


if __name__ == "__main__":
    logging.basicConfig(format="%(asctime)s %(message)s")
    _worker = [sys.executable, "-m", "ui.web.processes.worker"]
    os._exit(Supervisor(socket.socket(fileno=int(sys.argv[1])), _worker, int(sys.argv[2])).run())
