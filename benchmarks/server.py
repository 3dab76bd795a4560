"""Servers under measurement: each its own process on 127.0.0.1, ended when the block ends."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.system.settings import ROOT

_PATIENCE = 120


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and its process."""

    host: str
    process: int

    @property
    def memory(self) -> float:
        """Resident memory in MB; NaN where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        if not status.exists():
            return float("nan")
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def get(self, path: str, cookie: str = "", gzip: bool = True) -> bytes:
        """The body of an answer as it came over the wire."""
        headers = {"Cookie": cookie} | ({"Accept-Encoding": "gzip"} if gzip else {})
        request = urllib.request.Request(f"http://{self.host}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return bytes(answer.read())


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, ready: str, folder: Path = ROOT, more: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start ``command`` and wait until ``ready`` answers; TimeoutError with the end of its log when it does not."""
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | (more or {}), stdout=out, stderr=out)
        try:
            server = Server(f"127.0.0.1:{port}", process.pid)
            _wait(server, ready, process, log)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def _wait(server: Server, ready: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.get(ready)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"The server did not answer.\n{log.read_text()[-2000:]}")


@contextmanager
def mulin(folder: Path) -> Iterator[Server]:
    """The product, as ``manage.py serve`` starts it."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with running([*command, "--server.address", "127.0.0.1"], port, folder / "mulin.log", "/readyz") as server:
        yield server
