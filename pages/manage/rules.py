import pandas as pd
import streamlit as st

from services import clock, db, rules
from ui import exports, filters, session
from ui.text import _, language, term

actor = session.require("page.rules")

st.title(_("Rules"))
st.caption(
    _("V: read at the source. S: second hand. M: not proved, so it only advises. Only V may be called a national norm.")
)
today, tongue = clock.today(), language()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    asked = st.text_input(_("Search"), key="rule", bind="query-params", icon=":material/search:", width=260)
    with db.reading() as data:
        exports.buttons(actor, "rules", filters.scope(data, actor))
found = [
    {
        _("Rule"): rule.text(tongue),
        _("Value"): term("rule_unit", rule.unit).format(value=f"{rule.value:g}", share=f"{rule.value:.0%}"),
        _("Evidence"): rule.mark,
        _("Binds"): _("yes") if rule.binding else _("advises"),
        _("Scope"): term("scope", rule.scope),
        _("Source"): rule.source,
        _("In force"): _("yes") if rule.in_force(today) else _("no"),
        _("Code"): rule.code,
    }
    for rule in rules.found(asked, tongue)
]
if found:
    st.dataframe(pd.DataFrame(found), hide_index=True, height=36 * len(found) + 38)
else:
    st.info(_("No rule matches. Search for another word."), icon=":material/search_off:")
