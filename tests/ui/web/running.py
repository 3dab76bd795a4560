"""The real server in a process of its own, and the least of a browser: cookies, a form, the websocket."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from services.system.settings import ROOT
from ui.web.processes.listener import listening

_LAUNCHER = """
import streamlit as st
from streamlit import net_util
from ui.web import server
from ui.web.processes import runtime

def abroad(url, timeout=0):
    with open("asked-abroad", "a") as kept:
        kept.write(url)

net_util._make_blocking_http_get = abroad
app = st.App(__file__.replace("app.py", "script.py"), lifespan=server.lifespan, routes=server.routes(),
             middleware=server.middleware())
runtime.equip(app)
"""
_SCRIPT = """
from secrets import token_hex
import streamlit as st
from ui.frame import session
who = session.actor()
st.text(f"{who.name}/{who.role}")
st.download_button("file", b"secret", "f.txt")

@st.cache_data
def once():
    return token_hex(8)

st.markdown(once())
"""


_UPGRADE = (
    ("Upgrade", b"websocket"),
    ("Connection", b"Upgrade"),
    ("Sec-WebSocket-Version", b"13"),
    ("Sec-WebSocket-Key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Protocol", b"streamlit"),
)


class Running:
    """The server on a free port, with a one-page script behind the real gate.

    As ``streamlit run app.py`` starts it, or in several processes as ``manage.py serve`` does.
    """

    def __init__(self, folder: Path, processes: int = 1, /, **environment: str) -> None:
        (folder / "app.py").write_text(_LAUNCHER)
        (folder / "script.py").write_text(_SCRIPT)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        self._folder, self._processes = folder, processes
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._browsers: list[Browser] = []
        self.start()

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            own = {"cwd": self._folder, "env": self._environment, "stdout": log, "stderr": log}
            self._process = self._start_several(own) if self._processes > 1 else self._start_one(own)
        for _attempt in range(150):
            try:
                httpx.get(f"{self.url}/healthz").raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.2)
            if self._process.poll():
                raise ChildProcessError(self.log)
        raise TimeoutError(self.log)

    def _start_one(self, own: dict[str, Any]) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        return subprocess.Popen([*command, "--server.address", "127.0.0.1"], **own)

    def _start_several(self, own: dict[str, Any]) -> "subprocess.Popen[bytes]":
        with listening("127.0.0.1", self.port) as listener:
            command = [sys.executable, "-m", "ui.web.processes.supervisor", str(listener.fileno())]
            return subprocess.Popen([*command, str(self._processes)], pass_fds=[listener.fileno()], **own)

    @property
    def log(self) -> str:
        """What the server has said."""
        return (self._folder / "log").read_text()

    @property
    def process(self) -> int:
        """The number of the process that was started: the supervisor, where there are several."""
        return self._process.pid

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def close(self) -> None:
        self.stop()
        for browser in self._browsers:
            browser.client.close()

    @property
    def asked_abroad(self) -> bool:
        """Whether Streamlit wanted to know from the internet what the outside address of this machine is."""
        return (self._folder / "asked-abroad").exists()

    def status(self, method: str, path: str, *headers: tuple[str, bytes], host: str = "") -> int:
        """The status of a request written byte by byte, as an attacker would."""
        lines = [f"{method} {path} HTTP/1.1".encode(), f"Host: {host or f'127.0.0.1:{self.port}'}".encode()]
        lines += [name.encode() + b": " + value for name, value in headers]
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            connection.sendall(b"\r\n".join([*lines, b"", b""]))
            return int(connection.recv(65536).split(b" ", 2)[1])

    def handshake(self, *headers: tuple[str, bytes], host: str = "") -> int:
        """The status of a websocket's handshake written byte by byte."""
        return self.status("GET", "/_stcore/stream", *_UPGRADE, *headers, host=host)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> "Browser":
        self._browsers.append(Browser(self.url))
        return self._browsers[-1]


class Browser:
    """One browser: its cookies, and what a person does with it."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        self.client = httpx.Client(base_url=url, timeout=30)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def open(self, path: str) -> httpx.Response:
        return self.get(path, accept="text/html")

    def proof(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.open("/sign-in").text)
        assert found
        return found[1]

    def post(self, path: str, sent: dict[str, str] | None = None, /, **fields: str) -> httpx.Response:
        return self.client.post(path, data=fields, headers=sent)

    def sign_in(self, login: str, password: str, wanted: str = "/") -> httpx.Response:
        return self.post("/sign-in", csrf=self.proof(), login=login, password=password, next=wanted)

    def sign_out(self) -> httpx.Response:
        found = re.search(r'name="csrf" value="([^"]+)"', self.open("/sign-out").text)
        assert found
        return self.post("/sign-out", csrf=found[1])

    def cookie(self) -> bytes:
        """What stands in the header of each request."""
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items()).encode()

    def socket(self, page: str = "", **headers: str) -> ClientConnection:
        """The websocket of a page: of a new one, or of one that it was cut off from."""
        cookies = self.cookie().decode()
        sent = {**headers, **({"Cookie": cookies} if cookies else {})}
        return connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=[Subprotocol(one) for one in ("streamlit", *(("proof", page) if page else ()))],
            additional_headers=sent,
            origin=Origin(f"http://{self.host}"),
            max_size=None,
            legacy=True,
        )


def run(connection: ClientConnection) -> list[Any]:
    """Run the script once, as a click does, and return the elements it drew."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    connection.send(message.SerializeToString())
    drawn = []
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(bytes(connection.recv(timeout=20)))  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "delta":
            drawn.append(answer.delta.new_element)
        if answer.WhichOneof("type") == "script_finished":
            return drawn


def texts(drawn: list[Any]) -> list[str]:
    """What st.text showed."""
    return [element.text.body for element in drawn if element.WhichOneof("type") == "text"]
