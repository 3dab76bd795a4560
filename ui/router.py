"""The entry script of every run: page config, the menu of this person, the frame, the page."""

import streamlit as st

import services.registry  # noqa: F401  (arms the guards and hooks of every flow)
import ui.flows.registry  # noqa: F401  (arms what the pages show of one flow alone)
from services.system.settings import ROOT
from ui.frame import flows_here, page_frame, session
from ui.frame.menu import pages_for

st.set_page_config(page_title="Mulin", page_icon=str(ROOT / "ui" / "web" / "static" / "icon.png"), layout="wide")
actor = session.actor()
page = st.navigation(pages_for(actor, flows_here.in_view(actor)), expanded=True)
flows_here.remember(page.url_path)
page_frame.sidebar(actor)
session.show_outcome()
page.run()
page_frame.footer()
