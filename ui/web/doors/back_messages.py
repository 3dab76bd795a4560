"""What a page may tell the server through its websocket: the kinds of message that pages send, and no others."""

from collections.abc import Mapping

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive
from streamlit.proto.BackMsg_pb2 import BackMsg

from services.rights.permissions import Actor, may

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


def listening(actor: Actor, receive: Receive) -> Receive:
    """``receive`` without the messages that ``actor`` may not send: they are as if never sent."""

    async def next_allowed() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or allowed(actor, message.get("bytes") or b""):
                return message

    return next_allowed
