"""Chips: what a filter asks for, in words, so that nobody takes a part for the whole."""

import streamlit as st
from sqlmodel import Session

from services.exporting.lists import matter_lists
from services.exporting.lists.list_columns import Words
from services.matters.matters import Filter
from ui.frame.text import _, language, md, term


def show(session: Session, wanted: Filter) -> None:
    """A chip for each thing that is asked, in the words of the exports.

    Whether matters are open is asked of points alone: figures count that themselves.
    """
    told = matter_lists.in_words(session, Words(language()), wanted.with_(sort="", openness=""))
    said = [f"{label}: {value}" for label, value in told]
    said += [_("Points: {openness}", openness=term("openness", wanted.openness))] if wanted.openness else []
    with st.container(horizontal=True, gap="small", key="filter-chips"):
        for one in said:
            st.badge(md(one), icon=":material/filter_alt:", color="primary" if told else "gray")
