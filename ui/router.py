"""The entry script of every run: page config, the menu of this person, the frame, the page."""

import streamlit as st

import services.features  # noqa: F401  (arms the guards and hooks of every flow)
from services.settings import ROOT
from ui import frame, session
from ui.menu import pages_for

st.set_page_config(page_title="Mulin", page_icon=str(ROOT / "ui" / "web" / "static" / "icon.png"), layout="wide")
actor = session.actor()
page = st.navigation(pages_for(actor), expanded=True)
frame.sidebar(actor)
session.show_outcome()
page.run()
frame.footer()
