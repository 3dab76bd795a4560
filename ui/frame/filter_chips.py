"""Chips: what a filter asks for, in words, so that nobody takes a part for the whole."""

import streamlit as st
from sqlmodel import Session

from services.exporting.lists import matter_lists
from services.exporting.lists.list_columns import Words
from services.matters.matters import Filter
from ui.frame.text import language, md


def show(session: Session, wanted: Filter) -> None:
    """A chip for each thing that is asked, in the words of the exports."""
    told = matter_lists.in_words(session, Words(language()), wanted.with_(sort=""))
    if told:
        with st.container(horizontal=True, gap="small", key="filter-chips"):
            for label, value in told:
                st.badge(md(f"{label}: {value}"), icon=":material/filter_alt:", color="primary")
