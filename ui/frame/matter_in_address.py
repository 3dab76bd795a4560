"""The matter a page is about, by the number in its URL."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import workflow
from services.rights.permissions import Actor
from services.system.errors import Refused
from ui.frame.links import page_link
from ui.frame.text import _, refusal


def matter(session: Session, actor: Actor) -> Matter:
    """The matter called ``?no=…``, which the tab is named after; where there is none, the page says so and stops."""
    try:
        found = workflow.load(session, actor, st.query_params.get("no", ""))
        st.set_page_config(page_title=f"{found.title} · {found.number}")
        return found
    except Refused as refused:
        st.error(refusal(refused), icon=":material/search_off:")
        page_link("ledger", _("Back to the ledger"), icon=":material/arrow_back:")
        st.stop()
