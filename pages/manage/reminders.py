from collections.abc import Callable

import pandas as pd
import streamlit as st
from sqlmodel import Session

from services.lines import reminder_text, reminders
from services.rights.permissions import Actor
from services.system import db
from ui.desk import reminder_sheet
from ui.frame import calendar_notice, filters, saving, session, url
from ui.frame.text import _, language, moment

ALL = "all"
actor = session.require("page.reminders")


def _issue(path: str, code: str, drawn: str) -> None:
    told = (reminders.issue_all, path) if code == ALL else (reminders.issue, path, code)
    saving.once("reminders", drawn, _noted, *told)


def _noted(data: Session, by: Actor, function: Callable[..., None], *told: str) -> bool:
    function(data, by, *told)
    return True


with db.reading() as data:
    with st.container(key="not-printed"):
        here = filters.place(data, actor)
        st.title(_("Reminders"))
        st.caption(_("What each unit owes now. Hand a sheet out on paper (Ctrl+P) or as text, and note that you did."))
        st.caption(_("Counted: the open matters of every kind here; the overview shows one kind at a time."))
        owing = reminders.owing(data, actor, here.path)
        names = {one.code: reminder_text.name(one, language()) for one in owing}
        if not owing:
            st.success(_("No unit owes anything here."), icon=":material/done_all:")
            st.stop()
        rows = [
            {
                _("Unit"): names[one.code],
                **{reminder_text.kind(kind, language()): str(one.counts[kind] or "") for kind in reminders.KINDS},
                _("Last reminded"): moment(one.reminded_at),
            }
            for one in owing
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="content" if len(rows) <= 16 else 560)
        offered = [ALL, *names]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = str(
                st.selectbox(
                    _("Reminder sheet"),
                    offered,
                    key=url.recall("unit", offered, owing[0].code),
                    on_change=url.keep,
                    args=("unit",),
                    format_func=lambda code: _("All units") if code == ALL else names.get(code, code),
                    width=300,
                )
            )
            icon, asked = ":material/campaign:", (here.path, chosen, saving.token("reminders"))
            st.button(_("Note as handed out"), type="primary", icon=icon, on_click=_issue, args=asked)
    reminder_sheet.style()
    codes = list(names) if chosen == ALL else [chosen]
    sheets = [reminders.sheet(data, actor, here.path, code) for code in codes]
    for sheet in sheets:
        reminder_sheet.show(sheet, here.name, first=sheet is sheets[0])
    calendar_notice.show(*(entry.row.matter.due_at for sheet in sheets for entry in sheet.entries))
