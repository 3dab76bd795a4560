"""Once: what a form makes is made once, however often its button is clicked before it is drawn anew."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlmodel import Session

from services.rights.permissions import Actor
from ui.frame import clicks
from ui.frame.session import commit_then, saved

P = ParamSpec("P")
T = TypeVar("T")


def token(form: str) -> str:
    """What tells this drawing of a form from the next: given to the callback, and used up by what it makes."""
    return str(st.session_state.setdefault(f"token:{form}", token_hex(4)))


def once(
    form: str, drawn: str, function: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Callback: ``commit``, and on a further click on the same drawing what came of the first.

    What was refused may be tried again.
    """
    told = clicks.mine()

    def keep(result: Any) -> None:
        told.handed[form] = drawn, result

    with told.lock:
        used, first = told.handed.get(form, ("", None))
        made: T | None = first
        if used == drawn:
            saved()
        else:
            made = commit_then(keep, function, *args, **kwargs)
    if made is not None:
        st.session_state.pop(f"token:{form}", None)
    return made
