"""Saving against a version: what a person saved a moment ago in this session must not refuse their own next edit."""

from collections.abc import Callable
from copy import deepcopy
from secrets import token_hex
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import workflow
from services.rights.permissions import Actor
from ui.frame.session import clicks, commit_then, saved
from ui.frame.text import _

P = ParamSpec("P")
T = TypeVar("T")
Note = Callable[[Matter], None]


def _write(click: tuple[Any, ...], number: str, drawn: int, write: Callable[[Note, int], Matter | None]) -> bool:
    told = clicks()

    def keep(matter: Matter) -> None:
        told.versions[matter.number], told.last = matter.version, click

    with told.lock:
        if told.last == click:
            # A double click arrives twice with the same words, drawn at the same version. The second is the first.
            saved()
            return True
        # Two quick edits may arrive in one run, both drawn at the same version; the first has raised it.
        matter = write(keep, max(drawn, told.versions.get(number, 0)))
    if matter is None:
        # The sentence stands at the top of the page; who is further down on a phone must see it too.
        said = st.session_state.get("outcome", ("", _("Not saved")))[1]
        st.toast(said, icon=":material/error:", duration="long")
    return matter is not None


def save(
    function: Callable[Concatenate[Session, Actor, str, int, P], Matter],
    number: str,
    drawn: int,
    *args: P.args,
    **kwargs: P.kwargs,
) -> bool:
    """Callback: ``function(session, actor, number, version, …)`` in one transaction; True when it was kept.

    ``drawn`` is the version of the matter when the page was drawn.
    ``ui.frame.session.show_outcome`` says what came of it.
    The same once more, drawn at the same version, counts as kept and is not written again.
    """
    click = (function.__module__, function.__qualname__, number, drawn, deepcopy(args), deepcopy(kwargs))
    return _write(
        click, number, drawn, lambda keep, version: commit_then(keep, function, number, version, *args, **kwargs)
    )


def move(number: str, action: str, drawn: int, inputs: dict[str, Any] | None = None) -> bool:
    """Callback: take a step of the matter's flow, as ``save`` does."""
    click = ("move", number, action, drawn, deepcopy(inputs or {}))
    return _write(
        click,
        number,
        drawn,
        lambda keep, version: commit_then(keep, workflow.move, number, action, version, inputs or {}),
    )


def left(number: str) -> int:
    """The version that this session's own last save of a matter has left; 0 where it saved nothing of it."""
    return clicks().versions.get(number, 0)


def token(form: str) -> str:
    """What tells this drawing of a form from the next: given to the callback, and used up by what it makes."""
    return str(st.session_state.setdefault(f"token:{form}", token_hex(4)))


def once(
    form: str, drawn: str, function: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T | None:
    """Callback: ``commit``, and on a further click on the same drawing what came of the first.

    What was refused may be tried again.
    """
    told = clicks()

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
