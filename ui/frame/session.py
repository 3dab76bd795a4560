"""The session: who this script run is for, what they may open, and what became of what they did."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from threading import RLock
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session
from streamlit.runtime.scriptrunner import get_script_run_ctx

from services.people import signins
from services.rights import permissions
from services.rights.permissions import Actor
from services.system import database_faults, db
from services.system.errors import Refused
from services.system.writers import retries
from services.words import privacy
from services.words.i18n import listed
from ui.frame.text import _, md, refusal, speak, term

_log = logging.getLogger("mulin.faults")
P = ParamSpec("P")
T = TypeVar("T")

# st.link_button opens a new tab, and the door is not a page of Streamlit's.
_BUTTON = (
    "display:inline-flex;align-items:center;min-height:44px;padding:0 24px;border-radius:6px;"
    "background:#A61E22;color:#fff;text-decoration:none;font-weight:600"
)
# Two people at the same moment: nothing is written, and the second is told what to do.
_CLASHES: dict[type[Exception], str] = {
    StaleDataError: listed("Somebody else changed this a moment ago. Look at what is there now, then try again."),
    IntegrityError: listed("This clashes with something saved meanwhile. Reload the page, then try again."),
}


@dataclass
class Clicks:
    """What this session has done: the last save, the versions its saves have left, what each form has made last.

    Streamlit answers a further click in a thread of its own while the first is still carried out, and drops what the
    first writes into the session state from then on. So both hold this one object, and the second waits for the first.
    """

    lock: Any = field(default_factory=RLock)
    last: tuple[Any, ...] = ()
    versions: dict[str, int] = field(default_factory=dict)
    handed: dict[str, tuple[str, Any]] = field(default_factory=dict)


def clicks() -> Clicks:
    """What this session has done; begun with its first page."""
    found = st.session_state.get("clicks")
    if not isinstance(found, Clicks):
        found = st.session_state["clicks"] = Clicks()
    return found


class SignedOut(Refused):
    """The sign-in behind this session has ended; nothing may be done with it."""

    def __init__(self) -> None:
        super().__init__(listed("Your sign-in has ended. Sign in again; what you saved is safe."))


def actor() -> Actor:
    """Who acts in this script run, with role and area as the database has them now.

    Asked once a run. When the sign-in has ended the run stops with a sentence and the way to the door.
    """
    found = _remembered() or _found()
    if found is None:
        _stop_at_the_door()
    _remember(found)
    speak(found.language)
    return found


def digest() -> str:
    """What is kept of the sign-in behind this session."""
    return str(st.user.to_dict().get("session") or "")


def _found() -> Actor | None:
    with db.reading() as session:
        current = signins.current(session, digest())
    if current is None:
        return None
    if current.stale:
        signins.touch(digest())
    return current.actor


def _remembered() -> Actor | None:
    # Streamlit gives every run a new table of cursors: as long as it is the same one, so is the run.
    run, known = getattr(get_script_run_ctx(), "mulin_actor", (None, None))
    return known if run is not None and run is getattr(get_script_run_ctx(), "cursors", None) else None


def _remember(found: Actor) -> None:
    context = get_script_run_ctx()
    if context is not None:
        setattr(context, "mulin_actor", (context.cursors, found))  # noqa: B010 - not a field of Streamlit's class


def _stop_at_the_door() -> NoReturn:
    st.error(refusal(SignedOut()))
    door_link("/sign-in", _("Sign in"))
    st.stop()


def door_link(address: str, label: str) -> None:
    """A button to a page of the door."""
    st.html(f'<a href="{escape(address)}" target="_self" style="{_BUTTON}">{escape(label)}</a>')


def require(act: str, area_path: str | None = None) -> Actor:
    """The actor, if ``act`` is allowed (there); otherwise the page stops with the refusal. First line of a page."""
    found = actor()
    try:
        permissions.require(found, act, area_path)
    except Refused as refused:
        st.error(refusal(refused))
        st.stop()
    return found


def commit(function: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Call ``function(session, actor, …)`` in one transaction, from a callback.

    Returns what it returns; None when it was refused, and then nothing at all was written. Either way a sentence is
    left for ``show_outcome``.
    """
    return commit_then(lambda _result: None, function, *args, **kwargs)


def commit_then(
    note: Callable[[T], None],
    function: Callable[Concatenate[Session, Actor, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | None:
    """The same, and ``note`` is told what came of it as soon as it is written.

    A further click may end this run at its next word to the session state: what must be known of this one comes first.
    """
    try:
        result = attempt(function, *args, **kwargs)
    except Refused as refused:
        _leave("error", refusal(refused))
        return None
    note(result)
    saved(*args)
    return result


def saved(*args: Any) -> None:
    """Leave the sentence that it was saved, and what in the words that were entered is too personal."""
    _leave("success", _("Saved."))
    if personal := privacy.found_in(*args):
        _warn(personal)


def attempt(function: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """``function(session, actor, …)`` in one transaction, for a callback that words the outcome itself.

    Raises Refused, also for a clash with another writer; then nothing at all was written.
    """
    try:
        return retries.written(lambda session: function(session, _fresh(session), *args, **kwargs))
    except tuple(_CLASHES) as clash:
        raise Refused(next(message for kind, message in _CLASHES.items() if isinstance(clash, kind))) from clash
    except database_faults.FAULTS as fault:
        _log.warning("Not saved: %s", fault)
        raise database_faults.for_person(fault) from fault


def _fresh(session: Session) -> Actor:
    found = signins.actor(session, digest())
    if found is None:
        raise SignedOut
    return found


def _leave(kind: str, sentence: str) -> None:
    st.session_state["outcome"] = (kind, sentence)


def _warn(kinds: list[str]) -> None:
    named = ", ".join(term("personal", kind) for kind in kinds)
    message = _("The text seems to hold: {kinds}. Take it out unless the matter can't do without.", kinds=named)
    st.session_state["warning"] = message


def announce(message: str, **params: Any) -> None:
    """Say something better than "Saved." after a successful ``commit``; typed text in ``params`` is escaped."""
    _leave("success", _(message).format(**{key: md(value) for key, value in params.items()}))


def show_outcome() -> None:
    """What became of the last click: an error stays on the page, a success passes. Called once by the frame."""
    clicks()
    if warning := st.session_state.pop("warning", ""):
        st.warning(warning, icon=":material/privacy_tip:")
    kind, sentence = st.session_state.pop("outcome", ("", ""))
    if kind == "error":
        st.error(sentence)
    elif kind == "success":
        st.toast(sentence, icon=":material/check:")
