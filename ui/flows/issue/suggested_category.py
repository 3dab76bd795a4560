"""The suggested category on the screen: one tap takes it, and the words that led there stand beside it."""

from collections.abc import Callable

import streamlit as st

from services.flows.issue.category_model import Suggestion
from services.flows.issue.suggestions import Advice
from ui.frame.text import _, md, term

_SHOWN = 3
# As high with an answer as without, so that nothing below moves away from under a finger.
_CALM = "<style>.st-key-suggested{min-height:74px}@media (max-width:640px){.st-key-suggested{min-height:118px}}</style>"


def offer(advice: Advice, chosen: str | None, take: Callable[[str], None]) -> None:
    """Buttons for the likeliest categories; ``take`` is called with the code, as a callback."""
    st.html(_CALM)
    with st.container(key="suggested", gap="xxsmall"):
        if not advice.likeliest:
            st.caption(_("A category is suggested from the words you enter."))
            return
        shown = advice.likeliest[:1] if advice.sure else advice.likeliest[:_SHOWN]
        st.caption(reason(advice))
        with st.container(horizontal=True, gap="small"):
            for one in shown:
                icon = ":material/check_circle:" if one.code == chosen else ":material/add_circle:"
                key, label = f"suggested-{one.code}", term("category", one.code)
                st.button(label, key=key, icon=icon, on_click=take, args=(one.code,))


def reason(advice: Advice) -> str:
    """Why the first one is suggested, or that it is not sure; as Markdown."""
    if not advice.likeliest:
        return _("Not sure: no word points to a category.")
    words = _joined(advice.likeliest[0])
    if advice.sure:
        return _("Suggested category, because of: {words}", words=words)
    return _("Not sure. Perhaps one of these, because of: {words}", words=words or "–")


def named(advice: Advice) -> str:
    """The suggested category in words, or all that it may be."""
    shown = advice.likeliest[:1] if advice.sure else advice.likeliest
    return md(" · ".join(term("category", one.code) for one in shown))


def _joined(one: Suggestion) -> str:
    return " · ".join(f"**{md(word)}**" for word in one.words)
