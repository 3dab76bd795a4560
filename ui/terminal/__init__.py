"""What the command line says and asks. No Streamlit here: it must start at once."""
