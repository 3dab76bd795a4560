"""A matter in a state that the rows of its flow no longer have."""

import streamlit as st

from models.matter import Matter
from services.engine import flows
from ui.frame.text import _, md, term


def show(matter: Matter) -> None:
    """Say why there are no steps; nothing where the flow has the state."""
    if flows.has(matter.flow, matter.state):
        return
    state = md(term(f"state.{matter.flow}", matter.state))
    if matter.flow in flows.flows():
        told = _("“{state}” is a state of an earlier version of this flow. No step leads on from it.", state=state)
    else:
        told = _("“{state}” is a state of a flow that is no longer in use. No step leads on from it.", state=state)
    st.info(told, icon=":material/history:")
