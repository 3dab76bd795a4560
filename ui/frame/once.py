"""Once: what a form makes is made once, however often its button is clicked before it is drawn anew."""

from collections.abc import Callable
from secrets import token_hex
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def token(form: str) -> str:
    """What tells this drawing of a form from the next: given to the callback, and used up by what it makes."""
    return str(st.session_state.setdefault(f"token:{form}", token_hex(4)))


def once(form: str, drawn: str, make: Callable[[], T | None]) -> T | None:
    """Callback: what ``make`` returns; of a further click on the same drawing what the first one made.

    What was refused, so that None came of it, may be tried again.
    """
    used, made = st.session_state.get(f"handed:{form}", ("", None))
    if used == drawn:
        return made  # type: ignore[no-any-return]
    made = make()
    if made is not None:
        st.session_state[f"handed:{form}"] = (drawn, made)
        st.session_state.pop(f"token:{form}", None)
    return made
