"""What a page may tell the server through its websocket: the kinds of message that pages send, and no others."""

from collections.abc import Mapping
from contextlib import suppress

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive, Scope
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.util import calc_hash

from services.rights.permissions import Actor, may
from ui.web.doors.origins import sent

_OPEN = "rerun_script", "stop_script"
_WORK = "backend_operation_request"
# Every kind that Streamlit knows, with the reason; a test holds the list against Streamlit's own.
KINDS: Mapping[str, str] = {
    "rerun_script": "open: every click",
    "stop_script": "open: the button beside a page that is still being drawn",
    "file_urls_request": "open to who may import: where the file goes that was dropped on the page",
    _WORK: "open for what OPERATIONS says",
    "clear_cache": "shut: one viewer would make everybody wait",
    "set_run_on_save": "shut: for whoever writes pages",
    "load_git_info": "shut: says what the folder of the program holds",
    "app_heartbeat": "shut: keeps a page alive that nobody looks at, for a site around it",
    "debug_disconnect_websocket": "shut: for Streamlit's own tests",
    "debug_shutdown_runtime": "shut: for Streamlit's own tests",
}
OPERATIONS: Mapping[str, str] = {
    "deferred_file": "open: a file that is made when somebody takes it",
    "dataframe_chunk": "shut: no page draws a table in pieces",
    "install_skills": "shut: writes files beside the program",
    "dismiss_skills_nudge": "shut: writes files beside the program",
}

# What a widget says only once: a click, a row that was picked.
CLICKS = frozenset({"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"})


def allowed(actor: Actor, data: bytes) -> bool:
    """Whether ``actor`` may send this message; what is no message at all goes on, to be refused as that."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return True
    kind = message.WhichOneof("type")
    if kind == _WORK:
        return message.backend_operation_request.WhichOneof("payload") == "deferred_file"
    return kind in _OPEN or (kind == "file_urls_request" and may(actor, "page.imports"))


def listening(actor: Actor, receive: Receive, again: bool = False) -> Receive:
    """``receive`` without the messages that ``actor`` may not send: they are as if never sent.

    ``again``: the page had another websocket before. It says first what it said last, for whoever answers now may never
    have drawn it, and nothing of that is a click.
    """
    first = again

    async def next_allowed() -> Message:
        nonlocal first
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or not message.get("bytes"):
                return message
            if allowed(actor, message["bytes"]):
                told, first = _said_again(message) if first else message, False
                return told

    return next_allowed


def had_another(scope: Scope) -> bool:
    """Whether the page that opens this websocket had one before: it names the session it had there."""
    told = protocols(scope)
    return len(told) > 2 and bool(told[2])


def protocols(scope: Scope) -> list[str]:
    """What a websocket says instead of protocols: Streamlit's name, a proof, the session it had before."""
    lines = sent(scope, b"sec-websocket-protocol")
    return [part.strip().decode("latin-1") for line in lines for part in line.split(b",")]


def _said_again(message: Message) -> Message:
    """The same without clicks, and for the whole page: fragments are known only to who has drawn them."""
    found = BackMsg()
    with suppress(DecodeError):
        found.ParseFromString(message["bytes"])
    if found.WhichOneof("type") != "rerun_script":
        return message
    told = found.rerun_script
    kept = [state for state in told.widget_states.widgets if state.WhichOneof("value") not in CLICKS]
    told.widget_states.ClearField("widgets")
    told.widget_states.widgets.extend(kept)
    # By its name the page would be drawn as if opened anew, and what was entered be emptied.
    told.page_script_hash, told.page_name = calc_hash(told.page_name), ""
    for name in ("fragment_id", "is_auto_rerun", "cached_message_hashes"):
        told.ClearField(name)
    return {**message, "bytes": found.SerializeToString()}
