"""Streamlit pieces more than one page shows."""
