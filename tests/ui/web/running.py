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

_LAUNCHER = """
import streamlit as st
from ui.web import server
app = st.App(__file__.replace("app.py", "script.py"), lifespan=server.lifespan, routes=server.routes(),
             middleware=server.middleware())
"""
_SCRIPT = """
import streamlit as st
from ui.frame import session
who = session.actor()
st.text(f"{who.name}/{who.role}")
st.download_button("file", b"secret", "f.txt")
"""


class Running:
    """``streamlit run app.py`` on a free port, with a one-page script behind the real gate."""

    def __init__(self, folder: Path, **environment: str) -> None:
        (folder / "app.py").write_text(_LAUNCHER)
        (folder / "script.py").write_text(_SCRIPT)
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
        self._folder = folder
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._browsers: list[Browser] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--server.address", "127.0.0.1"],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        for _attempt in range(150):
            try:
                httpx.get(f"{self.url}/healthz").raise_for_status()
                return
            except httpx.HTTPError:
                time.sleep(0.2)
        raise TimeoutError((self._folder / "log").read_text())

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def close(self) -> None:
        self.stop()
        for browser in self._browsers:
            browser.client.close()

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

    def socket(self, **headers: str) -> ClientConnection:
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        sent = {**headers, **({"Cookie": cookies} if cookies else {})}
        return connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
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
