import streamlit as st

from services.looks import matrix, periodicity
from services.system import clock, db
from ui.frame import filters, flows_here, session
from ui.frame.text import _, language, md
from ui.looks import matrix_bar, matrix_view

actor = session.require("page.matrix")

with db.reading() as data:
    here = filters.place(data, actor)
    runs = matrix_bar.offering(flows_here.of(data, actor, here))
    st.title(_("Matrix"))
    if not runs.flows:
        st.info(_("Nothing that runs here is shown as a matrix."), icon=":material/grid_off:")
    else:
        flow = flows_here.choose(runs)
        wanted = filters.current(actor, here, flow).with_(openness="", state="", sort="")
        rules = periodicity.rules_of(flow)
        year, view = matrix_bar.show(matrix.years(data), [rule.code for rule in rules])
        rule = next((one for one in rules if one.code == view), None)
        if rule is not None:
            st.caption(md(f"{rule.text(language())} ({rule.source})"))
            matrix_view.duties(periodicity.duties(data, actor, wanted, rule, year))
        else:
            rows, columns, measure = matrix_bar.axes(flow)
            found = matrix.matrix(data, actor, wanted, rows, columns, year)
            matrix_view.show(wanted, found, measure, year, here.code)
            st.caption(_("As of {day}. What was called off is not counted.", day=clock.today().isoformat()))
