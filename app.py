"""The launcher. ``streamlit run app.py`` finds ``app``; the pages are routed by ui/router.py."""

import streamlit as st

from ui.frame import faults
from ui.web import server
from ui.web.processes import runtime

app = st.App(
    server.SCRIPT,
    lifespan=server.lifespan,
    routes=server.routes(),
    middleware=server.middleware(),
    on_script_error=faults.tell,
)

runtime.equip(app)

if __name__ == "__main__":
    app.run()
