"""Pure: descriptions in, folium maps out. No Streamlit, no Session."""
