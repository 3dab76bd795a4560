"""A plain Streamlit app on the same file, as usually written: the table in pandas, markers on each rerun."""

import os
import sqlite3

import folium
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

st.title("Issues")
connection = sqlite3.connect(os.environ["BENCH_FILE"])
table = pd.read_sql("SELECT * FROM matter WHERE flow = 'issue'", connection)
state = st.selectbox("State", ["all", *sorted(table["state"].unique())])
shown = table if state == "all" else table[table["state"] == state]
st.metric("Issues", len(shown))
st.bar_chart(shown.groupby("opened_month").size())
st.dataframe(shown.sort_values("due_at").head(1000))
still_open = shown[shown["is_open"] == 1].dropna(subset=["lat", "lng"]).head(1000)
chart = folium.Map(location=still_open[["lat", "lng"]].mean().tolist(), zoom_start=16, tiles=None)
for lat, lng, title in zip(still_open["lat"], still_open["lng"], still_open["title"], strict=True):
    folium.CircleMarker([lat, lng], radius=5, popup=title).add_to(chart)
st_folium(chart, height=400)
