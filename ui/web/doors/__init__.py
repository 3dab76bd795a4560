"""Who knocks: from where, with which cookies, for which of Streamlit's doors, and how much one of them may hold."""
