"""Whichever process answers: a page, its uploads and its files, what one asker may hold, and the end of one of them."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from tests.ui.web.doors.test_limits import refused, session_id
from tests.ui.web.processes.conftest import signed_in
from tests.ui.web.running import Browser, Running, run
from tests.ui.web.workers import eventually, folder, holding, pages, workers

# So many connections go to one process alone once in a thousand runs.
_OFTEN = 12


def afresh(browser: Browser, method: str, path: str, **more: object) -> httpx.Response:
    """Asked over a connection of its own, which any process may take."""
    with httpx.Client(base_url=browser.client.base_url, cookies=browser.client.cookies) as client:
        return client.request(method, path, **more)  # type: ignore[arg-type]


@pytest.fixture
def both(server: Running) -> list[int]:
    return eventually(lambda: laid_open(server.process))


def laid_open(supervisor: int) -> list[int]:
    """Its processes, when both have begun."""
    found = workers(supervisor)
    return found if len([one for one in found if folder(one)]) == 2 else []


def test_uploads_go_to_whichever_process_answers(server: Running, both: list[int]) -> None:
    root = signed_in(server, "root.one")
    root.get("/_stcore/health")
    proof = {"x-xsrftoken": root.client.cookies["_streamlit_xsrf"], "origin": server.url}
    with root.socket() as tab:
        where = f"/_stcore/upload_file/{session_id(tab)}"
        for number in range(_OFTEN):
            sent = {"files": {"file": ("ledger", b"x" * 1000)}, "headers": proof}
            assert afresh(root, "PUT", f"{where}/f-{number}", **sent).status_code == 204
        lies = [path for one in both if (own := folder(one)) for path in own.glob("sessions/*/f-*") if not path.suffix]
        assert len(lies) == _OFTEN and {path.stat().st_mode & 0o777 for path in lies} == {0o600}
        assert len({path.parent for path in lies}) == 1, "where the page lives"
        large = {"files": {"file": ("large", b"x" * 900_000)}, "headers": proof}
        codes = [afresh(root, "PUT", f"{where}/g-{number}", **large).status_code for number in range(_OFTEN)]
        assert (codes[:2], set(codes[3:])) == ([204, 204], {429}), "one account has so much, at both together"
        for number in range(_OFTEN):
            assert afresh(root, "DELETE", f"{where}/f-{number}", headers=proof).status_code == 204
        assert not [path for path in lies if path.exists()]
        unknown = afresh(root, "PUT", "/_stcore/upload_file/no-such-page/x", **sent)
        assert unknown.status_code == 400


def test_a_file_is_taken_from_whichever_process_answers(server: Running) -> None:
    li = signed_in(server, "li.na")
    with li.socket() as tab:
        url = next(one.download_button.url for one in run(tab) if one.WhichOneof("type") == "download_button")
        answers = [afresh(li, "GET", url) for _ in range(_OFTEN)]
        assert {(one.status_code, one.content) for one in answers} == {(200, b"secret")}
        assert "f.txt" in answers[0].headers["content-disposition"]


def test_what_one_account_may_hold_it_holds_at_both_together(server: Running, both: list[int]) -> None:
    li = signed_in(server, "li.na")
    with ExitStack() as tabs:
        for _ in range(4):
            tab = eventually(lambda: opened(li))
            assert tab
            run(tabs.enter_context(tab))
        assert sum(len(pages(one)) for one in both) >= 4
        assert all(refused(li) for _ in range(_OFTEN))


def opened(browser: Browser) -> ClientConnection | None:
    try:
        return browser.socket()
    except InvalidStatus:
        return None


def test_the_public_has_one_allowance_at_both_together(server: Running) -> None:
    nobody, began, answered = server.browser(), time.monotonic(), 0
    while afresh(nobody, "GET", "/open311/v2/services.json").status_code == 200:
        answered += 1
        assert answered <= 121 + 2 * (time.monotonic() - began)
    assert answered >= 120


def test_a_page_that_was_cut_off_comes_back_to_its_own_process(server: Running) -> None:
    li = signed_in(server, "li.na")
    with li.socket() as tab:
        page = session_id(tab)
    home = holding(server.process, page)
    for _ in range(_OFTEN):
        with li.socket(page) as tab:
            assert session_id(tab) == page
    assert page in pages(home)
    other = signed_in(server, "root.one")
    with other.socket(page) as tab:
        assert session_id(tab) != page, "nobody comes back to another's page"


def test_a_killed_process_takes_nothing_along(server: Running, both: list[int]) -> None:
    li = signed_in(server, "li.na")
    tab = li.socket()
    page = session_id(tab)
    killed = holding(server.process, page)
    left = folder(killed)
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(ConnectionClosed):
        while True:
            tab.recv(timeout=10)
    with li.socket() as again:
        assert run(again), "another process answers at once, and knows who it is"
    eventually(lambda: [one for one in workers(server.process) if one not in both and folder(one)])
    assert len(workers(server.process)) == 2 and killed not in workers(server.process)
    assert left and not left.exists(), "what was uploaded there, and offered there, is gone"
    assert "another one takes its place" in server.log


def test_workers_end_with_their_supervisor(tmp_path: Path) -> None:
    more = {"MULIN_DATABASE_URL": f"sqlite:///{tmp_path / 'm.db'}", "MULIN_WORK_FOLDER": str(tmp_path / "work")}
    running = Running(tmp_path, 2, MULIN_MODE="demo", **more)
    started = eventually(lambda: laid_open(running.process))
    os.kill(running.process, signal.SIGKILL)
    running._process.wait()
    eventually(lambda: not [one for one in started if Path(f"/proc/{one}").exists()], 15)
    assert not list((tmp_path / "work").glob("work-*"))


def test_what_can_never_start_is_not_tried_for_ever(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_text("This is no database, and long enough to be seen as that. " * 20)
    more = {"MULIN_DATABASE_URL": f"sqlite:///{tmp_path / 'm.db'}", "MULIN_WORK_FOLDER": str(tmp_path / "work")}
    with pytest.raises(ChildProcessError):
        Running(tmp_path, 2, MULIN_MODE="demo", **more)


def files(processes: list[int]) -> int:
    return sum(len(list(Path(f"/proc/{one}/fd").iterdir())) for one in processes)


def test_a_page_opens_one_file_and_closes_it(server: Running) -> None:
    both = eventually(lambda: laid_open(server.process))
    root = signed_in(server, "root.one")
    with root.socket() as tab:
        run(tab)
    time.sleep(1)
    least = files(both)
    with ExitStack() as tabs:
        held = [tabs.enter_context(root.socket()) for _ in range(4)]
        for tab in held:
            run(tab)
        assert files(both) <= least + 2 * 4, "a websocket, and perhaps a connection to the database"
    eventually(lambda: files(both) <= least + 4)
