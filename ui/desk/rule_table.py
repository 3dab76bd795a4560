"""The rulebook as a table, searched by its words."""

import pandas as pd
import streamlit as st

from services.parts import second_person
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.rules import rules
from services.system import clock
from ui.frame import exports, local_problems
from ui.frame.text import _, language, term
from ui.matter import column_widths


def show(actor: Actor, here: Scope) -> None:
    """Every rule with value, evidence, scope and source."""
    local_problems.show(second_person.problems())
    today, tongue = clock.today(), language()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        asked = st.text_input(_("Search"), key="rule", bind="query-params", icon=":material/search:", width=260)
        exports.buttons(actor, "rules", here)
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
        told = pd.DataFrame(found)
        widths = column_widths.of(told, {str(name): str(name) for name in told.columns}, _("Rule"))
        st.dataframe(
            told,
            hide_index=True,
            placeholder="–",
            height="content",
            column_config={name: st.column_config.TextColumn(name, width=width) for name, width in widths.items()},
        )
    else:
        st.info(_("No rule matches. Search for another word."), icon=":material/search_off:")
