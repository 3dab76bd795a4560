"""The sentence under the figures of the public: of which day they are, and how they are rounded."""

import streamlit as st
from sqlmodel import Session

from services.public import disclosure
from services.rights.permissions import Actor, only_public
from ui.frame.text import _


def show(session: Session, actor: Actor) -> None:
    """Say it to whoever reads only what is public."""
    if only_public(actor):
        said, values = disclosure.notice(session, actor)
        st.caption(_(said, **values))
