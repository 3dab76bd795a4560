"""The filter of the casebook: place, mechanism and verdict, each kept in the address."""

from collections.abc import Callable

import streamlit as st

from services.figures.casebook import VERDICTS, Line
from ui.frame import url
from ui.frame.text import _, language, term
from ui.frame.text import width as text_width


def bar(lines: list[Line]) -> None:
    """The choices that ``lines`` leave; a place only where there are several."""
    places = {line.place.slug: line.place.name for line in lines}
    here = st.query_params.get("place", "")
    chinese = language().startswith("zh")
    mechanisms = {
        str(line.card.no): f"{line.card.no} {line.card.zh if chinese else line.card.en}"
        for line in lines
        if here not in places or line.place.slug == here
    }
    with st.container(horizontal=True, key="filters"):
        if len(places) > 1:
            _one_of("place", _("Place"), places, _other_place)
        _one_of("card", _("Mechanism"), mechanisms)
        _one_of("verdict", _("Verdict"), {verdict: term("recount", verdict) for verdict in VERDICTS})


def _other_place(name: str) -> None:
    """Callback: another place has other mechanisms."""
    url.keep(name)
    url.forget("card")


def _one_of(param: str, label: str, named: dict[str, str], chosen: Callable[[str], None] = url.keep) -> None:
    st.selectbox(
        label,
        list(named),
        key=url.recall(param, list(named)),
        on_change=chosen,
        args=(param,),
        format_func=lambda code: named.get(code, code),
        placeholder=label,
        label_visibility="collapsed",
        width=max(150, min(340, 56 + text_width(label))),
    )
