"""Our own routes in Streamlit's process: gate, sign-in, map layers, assets."""
