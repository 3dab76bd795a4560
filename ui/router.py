"""The entry script of every run: page config, the menu of this person, the frame, the page."""

import streamlit as st

import services.registry  # noqa: F401  (arms the guards and hooks of every flow)
import ui.flows.registry  # noqa: F401  (arms what the pages show of one flow alone)
from ui.desk import welcome
from ui.frame import flows_here, menu, page_frame, session, url

st.set_page_config(page_title="Mulin", page_icon=page_frame.MARK, layout="wide")
actor = session.actor()
page = st.navigation(menu.pages_for(actor, flows_here.in_view(actor)), expanded=True)
flows_here.remember(page.url_path)
url.show(page.url_path)
st.set_page_config(page_title=f"{page.title} · Mulin")
page_frame.sidebar(actor)
session.show_outcome()
if not menu.always(page.url_path) and welcome.needed(actor):
    welcome.greet(actor)
else:
    page.run()
page_frame.footer()
