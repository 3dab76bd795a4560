import streamlit as st

from services.engine import flows
from services.looks import board
from services.parts.party_steps import part_of
from services.rights.permissions import may
from services.system import db
from ui.frame import filters, flows_here, session
from ui.frame.links import page_link
from ui.frame.text import _, language
from ui.looks import board_steps, board_view
from ui.matter import undo

MOST = 8

actor = session.require("page.board")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = flows_here.of(data, actor, here)
    heading = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        flow = flows_here.choose(runs)
        told = flows.flow(flow)
        by = board_view.lanes_by(str(told.part("board").get("lanes", board.LANES[0])))
    heading.title(_("Board: {flow}", flow=runs.name(flow, language())))
    asked = [name for name in told.words("list", "filters") if name not in ("openness", "state")]
    more = [name for name in told.words("list", "more") if name not in ("openness", "state", "sort")]
    filters.bar(flow, tuple(asked), tuple(more), (data, actor, here))
    wanted = filters.current(actor, here, flow)
    wanted = wanted.with_(openness="", state="", station="", sort="due")
    closed = [lane.code for lane in board.lanes(flow, by) if not lane.is_open]
    found = board.filled(data, actor, wanted, by, MOST, board_view.unfolded(closed))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Clear filter"), on_click=filters.clear, type="tertiary", icon=":material/filter_alt_off:")
        page_link("ledger", _("As a list"), icon=":material/list_alt:", **{**dict(st.query_params), "flow": flow})
        if part_of(flow) and may(actor, "page.calls"):
            page_link("calls", _("Who was called"), icon=":material/campaign:", flow=flow)
        undo.show()
    if not any(lane.count for lane in found):
        st.info(_("Nothing matches. Clear the filter, or choose another kind."), icon=":material/search_off:")
    else:
        board_view.show(wanted, found, here.code)

board_steps.window()
