"""What one asker may hold open or in memory, at the real server."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from services.rights.permissions import Actor
from services.system.files import process_folders
from services.system.settings import settings
from tests.ui.web.doors.conftest import signed_in
from tests.ui.web.running import Browser, Running, run
from ui.web.doors import guests, held_uploads
from ui.web.doors.callers import caller
from ui.web.doors.held_uploads import HeldUploads, TooMuch
from ui.web.processes import session_folders
from ui.web.processes.uploads import Uploads


def refused(browser: Browser) -> bool:
    try:
        browser.socket().close()
    except InvalidStatus as answer:
        return answer.response.status_code == 403
    return False


def test_an_account_has_so_many_pages_open_and_is_told_so(server: Running, li: Browser, viewer: Browser) -> None:
    again = signed_in(server, "li.na")
    with ExitStack() as tabs:
        held = [tabs.enter_context(browser.socket()) for browser in (li, again, li, again)]
        assert refused(li) and refused(again), "another sign-in of the account is the same account"
        said = li.get("/api/me")
        assert (said.status_code, said.headers["cache-control"]) == (429, "no-store")
        assert "4" in said.text and len(said.text) > 20
        assert viewer.get("/api/me").status_code == 204
        assert run(tabs.enter_context(viewer.socket()))
        held[0].close()
        assert run(tabs.enter_context(eventually(li)))
    eventually(li).close()
    assert li.get("/api/me").status_code == 204


def eventually(browser: Browser) -> ClientConnection:
    for _ in range(50):
        try:
            return browser.socket()
        except InvalidStatus:
            time.sleep(0.1)
    raise TimeoutError


def test_an_address_has_so_many_pages_open(server: Running, li: Browser, viewer: Browser) -> None:
    with ExitStack() as tabs:
        for browser in (li, li, li, viewer, viewer, viewer):
            tabs.enter_context(eventually(browser))
        assert refused(li) and refused(viewer)
        assert viewer.get("/api/me").status_code == 429
        assert server.browser().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("told", "one"),
    [
        (("2001:db8::1", 1), "2001:db8::/64"),
        (("2001:db8::ffff:1", 2), "2001:db8::/64"),
        (("::ffff:10.0.0.1", 3), "10.0.0.1"),
        (("10.0.0.1", 4), "10.0.0.1"),
        (None, "?"),
        (("unix", 0), "?"),
    ],
)
def test_whoever_has_many_addresses_is_still_one(told: tuple[str, int] | None, one: str) -> None:
    assert caller({"client": told}) == one


def session_id(tab: ClientConnection) -> str:
    message = BackMsg()
    message.rerun_script.query_string = ""
    tab.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(bytes(tab.recv(timeout=20)))  # type: ignore[arg-type]
        if answer.WhichOneof("type") == "new_session":
            return str(answer.new_session.initialize.session_id)


def test_uploads_have_a_limit_each_and_together(server: Running) -> None:
    root = signed_in(server, "root.one")
    root.get("/_stcore/health")
    proof = {"x-xsrftoken": root.client.cookies["_streamlit_xsrf"], "origin": server.url}

    def send(session: str, name: str, size: int) -> int:
        where = f"/_stcore/upload_file/{session}/{name}"
        return root.client.put(where, files={"file": (name, b"x" * size)}, headers=proof).status_code

    with root.socket() as tab, root.socket() as other:
        one, two = session_id(tab), session_id(other)
        assert send(one, "large", 3_000_000) == 413
        assert root.client.put(f"/_stcore/upload_file/{one}/x", content=iter([b"x"]), headers=proof).status_code == 411
        assert [send(one, "a", 900_000), send(two, "b", 900_000)] == [204, 204]
        assert send(one, "c", 900_000) == 429, "two pages of one account share its room"
        dropped = root.client.delete(f"/_stcore/upload_file/{one}/a", headers=proof)
        assert dropped.status_code == 204
        assert send(one, "c", 900_000) == 204


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Uploads]:
    monkeypatch.setattr(held_uploads, "most", lambda: 1000)
    monkeypatch.setattr(settings(), "work_folder", tmp_path)
    for account in (1, 2, 3, 4):
        session_folders.open_for(f"s{account}")
    yield Uploads("/_stcore/upload_file")
    process_folders.close()


def put(uploads: HeldUploads, manager: Uploads, account: int, file: str, size: int) -> None:
    scope = {"path": f"/_stcore/upload_file/s{account}/{file}", "headers": [(b"content-length", b"%d" % size)]}
    with uploads.coming(scope, Actor(account, "n", "admin")):
        manager.add_file(f"s{account}", UploadedFileRec(file, file, "", b"x" * size))


def test_all_accounts_together_have_a_limit(manager: Uploads) -> None:
    uploads = HeldUploads()
    for account in (1, 2, 3):
        put(uploads, manager, account, "a", 900)
    for account in (1, 4):
        with pytest.raises(TooMuch):
            put(uploads, manager, account, "b", 900)
    manager.remove_session_files("s2")
    put(uploads, manager, 4, "b", 900)


def test_what_nobody_takes_does_not_stay(manager: Uploads) -> None:
    uploads = HeldUploads()
    put(uploads, manager, 1, "a", 900)
    uploads.sweep(held_uploads.FORGOTTEN_SECONDS)
    assert [found.data for found in manager.get_files("s1", ["a"])] == [b"x" * 900]
    uploads.sweep(-1)
    assert not manager.get_files("s1", ["a"]) and not list(session_folders.own("s1").iterdir())


def test_an_upload_on_its_way_counts(manager: Uploads) -> None:
    uploads = HeldUploads()
    scope = {"path": "/_stcore/upload_file/s1/a", "headers": [(b"content-length", b"700")]}
    with uploads.coming(scope, Actor(1, "n", "admin")), pytest.raises(TooMuch):
        put(uploads, manager, 1, "b", 700)
    put(uploads, manager, 1, "b", 700)


def test_a_name_leads_nowhere_else(manager: Uploads, tmp_path: Path) -> None:
    for session, name in (("s1", "../../x"), ("../media", "x"), ("s1", "a/b"), ("s1", "")):
        manager.add_file(session, UploadedFileRec(name, "n", "t", b"secret"))
        assert not manager.get_files(session, [name])
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == b"secret"]


def test_one_address_has_so_many_forms_under_way_and_they_end(server: Running) -> None:
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 100\r\n"
    with ExitStack() as held:
        slow = [
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), 20)) for _ in range(guests.AT_ONCE)
        ]
        for connection in slow:
            connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\na=".encode())
        for _ in range(50):
            if (status := server.status("GET", "/sign-in")) == 429:
                break
            time.sleep(0.1)
        assert status == 429
        assert server.status("GET", "/healthz") == 200 and server.status("GET", "/assets/door.css") == 200
        assert [connection.recv(100).split()[1] for connection in slow] == [b"403"] * guests.AT_ONCE, (
            "after ten seconds"
        )
    assert server.status("GET", "/sign-in") == 200


def test_nobody_is_another_address_by_saying_so(server: Running, li: Browser, nobody: Browser) -> None:
    def asked(number: int) -> int:
        return nobody.get("/open311/v2/services.json", **{"x-forwarded-for": f"10.0.0.{number}"}).status_code

    # Two are given back each second: a slow machine must ask more often until there is none left.
    assert asked(0) == 200 and any(asked(number % 250) == 429 for number in range(1000))
    told = ("X-Forwarded-Proto", b"https"), ("Origin", server.url.replace("http", "https").encode())
    assert server.handshake(("Cookie", li.cookie()), *told) == 403
    assert server.handshake(("Cookie", li.cookie()), told[0], ("Origin", server.url.encode())) == 101
