"""Saving against a version: what a person saved a moment ago in this session must not refuse their own next edit."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Concatenate, ParamSpec

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import workflow
from services.rights.permissions import Actor
from ui.frame.session import commit
from ui.frame.text import _

P = ParamSpec("P")


def _own(number: str, drawn: int) -> int:
    # Two quick edits may arrive in one run, both drawn at the same version; the first has raised it.
    return max(drawn, int(st.session_state.get(f"saved:{number}", 0)))


def _done(click: tuple[Any, ...]) -> bool:
    # A double click arrives twice with the same words, drawn at the same version. The second is the first.
    return bool(st.session_state.get("saved-last") == click)


def _remember(matter: Matter | None, click: tuple[Any, ...]) -> bool:
    if matter is None:
        # The sentence stands at the top of the page; who is further down on a phone must see it too.
        st.toast(st.session_state.get("outcome", ("", _("Not saved")))[1], icon=":material/error:", duration="long")
        return False
    st.session_state[f"saved:{matter.number}"] = matter.version
    st.session_state["saved-last"] = click
    return True


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
    if _done(click):
        return True
    return _remember(commit(function, number, _own(number, drawn), *args, **kwargs), click)


def move(number: str, action: str, drawn: int, inputs: dict[str, Any] | None = None) -> bool:
    """Callback: take a step of the matter's flow, as ``save`` does."""
    click = ("move", number, action, drawn, deepcopy(inputs or {}))
    if _done(click):
        return True
    return _remember(commit(workflow.move, number, action, _own(number, drawn), inputs or {}), click)
