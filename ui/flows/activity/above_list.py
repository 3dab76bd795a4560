"""Above the list of activities: how many occasions were held and what they solved, as a mean and never as a rate."""

import streamlit as st
from sqlmodel import Session

from services.looks import yields
from services.places.areas import Scope
from services.rights.permissions import Actor
from ui.frame import filters
from ui.frame.text import _
from ui.matter import list_page


@list_page.above("activity")
def show(session: Session, actor: Actor, here: Scope) -> None:
    """Occasions, attendances and problems solved of what the filter asks for."""
    wanted = filters.current(actor, here, "activity").with_(openness="")
    told = yields.of(session, actor, wanted)
    if not told.held:
        return
    said = [_("{count} held", count=told.held), _("{count} attendances", count=told.present)]
    if told.brought:
        said.append(_("{count} problems solved", count=told.brought))
        said.append(_("{mean} an occasion, as a mean: it is no rate", mean=f"{told.brought / told.held:.2f}"))
    st.caption(" · ".join(said))
