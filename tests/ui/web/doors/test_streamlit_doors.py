"""What is open of Streamlit is written down, line by line, and Streamlit gains nothing that is not."""

import asyncio

import pytest
import streamlit as st
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit import config
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from services.rights.permissions import Actor
from tests.ui.web.doors.conftest import signed_in
from tests.ui.web.running import Browser, Running, run
from ui.web import server as own
from ui.web.doors import back_messages, streamlit_routes
from ui.web.doors.streamlit_routes import DOORS

NAMES = {"msg": BackMsg, "work": BackendOperationRequest}
STAFF, VIEWER = Actor(1, "s", "admin"), Actor(2, "v", "viewer")


def kinds(message: type[BackMsg] | type[BackendOperationRequest], oneof: str) -> set[str]:
    return {field.name for field in message.DESCRIPTOR.oneofs_by_name[oneof].fields}


@pytest.fixture
def routes(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Every route Streamlit has, with what a setting could add."""
    get = config.get_option
    switched = ("server.enableStaticServing", "server.scriptHealthCheckEnabled", "server.enableAgentApi")
    monkeypatch.setattr(config, "get_option", lambda name: True if name in switched else get(name))
    app = st.App(own.SCRIPT)
    found = set()
    for route in create_streamlit_routes(app._create_runtime()):
        assert isinstance(route, (Route, Mount, WebSocketRoute))
        for method in getattr(route, "methods", None) or {""}:
            found.add((route.path, method))
    st.runtime.Runtime._instance = None
    return found


def test_every_route_of_streamlit_is_listed_as_open_or_shut(routes: set[tuple[str, str]]) -> None:
    listed = {(door.path, method) for door in DOORS for method in door.methods or {""}}
    # The last is the page itself and the bundle.
    assert routes == listed | {("", "")}
    assert all(door.why for door in DOORS)


def test_every_message_of_a_page_is_listed_as_open_or_shut() -> None:
    assert kinds(BackMsg, "type") == set(back_messages.KINDS)
    assert kinds(BackendOperationRequest, "payload") == set(back_messages.OPERATIONS)


@pytest.mark.parametrize("kind", sorted(kinds(BackMsg, "type")))
def test_a_kind_of_message_is_what_its_line_says(kind: str) -> None:
    message = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type:
        getattr(message, kind).SetInParent()
    else:
        setattr(message, kind, True)
    said = back_messages.KINDS[kind]
    for actor in (STAFF, VIEWER):
        expected = said.startswith("open:") or ("import" in said and actor is STAFF)
        assert back_messages.allowed(actor, message.SerializeToString()) == expected, kind


@pytest.mark.parametrize("work", sorted(kinds(BackendOperationRequest, "payload")))
def test_so_is_a_kind_of_work(work: str) -> None:
    message = BackMsg()
    getattr(message.backend_operation_request, work).SetInParent()
    expected = back_messages.OPERATIONS[work].startswith("open")
    assert back_messages.allowed(STAFF, message.SerializeToString()) == expected


def test_a_message_that_says_two_things_is_what_streamlit_takes_it_for() -> None:
    click, clear = BackMsg(), BackMsg(clear_cache=True)
    click.rerun_script.query_string = ""
    both = click.SerializeToString() + clear.SerializeToString()
    assert BackMsg.FromString(both).WhichOneof("type") == "clear_cache"
    assert not back_messages.allowed(STAFF, both)
    assert not back_messages.allowed(STAFF, b"") and not back_messages.allowed(STAFF, b"\x9a\x06\x00")


def test_a_viewer_empties_no_cache(viewer: Browser) -> None:
    with viewer.socket() as tab:
        before = kept(tab)
        for _ in range(3):
            tab.send(BackMsg(clear_cache=True).SerializeToString())
            tab.send(BackMsg(load_git_info=True).SerializeToString())
            tab.send(BackMsg(set_run_on_save=True).SerializeToString())
        assert kept(tab) == before


def kept(tab: object) -> str:
    drawn = run(tab)  # type: ignore[arg-type]
    return next(str(one.markdown.body) for one in drawn if one.WhichOneof("type") == "markdown")


SHUT = [
    (door.path.replace("{path:path}", "x").replace("{session_id}/{file_id}", "a/b"), method)
    for door in DOORS
    if not door.open
    for method in sorted(door.methods)
]
HIDDEN = [
    ("/_stcore", "GET"),
    ("/_stcore/", "GET"),
    ("/_stcore/anything-new", "GET"),
    ("/_stcore/health/", "GET"),
    ("/_stcore/stream", "GET"),
    ("/_stcore/health", "POST"),
    ("/%5fstcore/metrics", "GET"),
    ("/issues/_stcore/metrics", "GET"),
    ("/media/x", "POST"),
    ("/auth", "GET"),
    ("/app/x", "GET"),
]


@pytest.mark.parametrize(("path", "method"), SHUT + HIDDEN)
def test_what_is_shut_is_not_there(li: Browser, path: str, method: str) -> None:
    answer = li.client.request(method, path)
    assert (answer.status_code, answer.text if method != "HEAD" else "Not found") == (404, "Not found")


def test_no_cookie_of_streamlits_own_sign_in_is_left(li: Browser) -> None:
    for path in ("/", "/_stcore/health", "/auth/login", "/sign-in"):
        li.get(path, accept="text/html")
    assert set(li.client.cookies) <= {"mulin_session", "mulin_csrf", "mulin_language", "_streamlit_xsrf"}
    assert "_streamlit_xsrf" in li.client.cookies


def test_an_upload_is_for_who_may_import(server: Running, viewer: Browser) -> None:
    assert viewer.client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 404
    admin = signed_in(server, "root.one")
    assert admin.client.put("/_stcore/upload_file/a/b", content=b"x").status_code == 403, "Streamlit asks for its proof"
    assert streamlit_routes.door("/_stcore/upload_file/a/b", "PUT")


def test_what_a_page_says_first_after_it_was_cut_off_is_no_click() -> None:
    scope = {"headers": [(b"sec-websocket-protocol", b"streamlit, proof, 11111111-2222-3333-4444-555555555555")]}
    assert back_messages.had_another(scope)
    for told in (b"streamlit", b"streamlit, proof", b"streamlit, proof, "):
        assert not back_messages.had_another({"headers": [(b"sec-websocket-protocol", told)]})

    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_name = "no=1", "matter"
    message.rerun_script.fragment_id, message.rerun_script.page_script_hash = "f", "another page's"
    message.rerun_script.widget_states.widgets.add(id="typed", string_value="Lamp")
    message.rerun_script.widget_states.widgets.add(id="clicked", trigger_value=True)
    sent = {"type": "websocket.receive", "bytes": message.SerializeToString()}

    async def receive() -> dict[str, object]:
        return sent

    async def twice() -> list[BackMsg]:
        asked = back_messages.listening(STAFF, receive, again=True)
        return [BackMsg.FromString((await asked())["bytes"]) for _ in range(2)]

    first, second = asyncio.run(twice())
    assert [state.id for state in first.rerun_script.widget_states.widgets] == ["typed"]
    assert (first.rerun_script.query_string, first.rerun_script.fragment_id) == ("no=1", "")
    page = StreamlitPage.__new__(StreamlitPage)
    page._url_path = "matter"
    assert first.rerun_script.page_script_hash == page._script_hash
    assert second == message, "what comes after it is a click"
