"""Options 方案: what is put to the vote."""

import streamlit as st

from models.matter import Matter
from models.meeting import Meeting, Option
from services.meetings import meetings
from ui.frame import saving
from ui.frame.text import _, md


def form(topic: Matter, meeting: Meeting, found: list[Option]) -> None:
    """One line to add an option; an abstention is added with one click, once."""
    key = f"option-new-{meeting.id}"
    with st.form(f"form-{key}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Option put to the vote"), key=key, max_chars=120, placeholder=_("East side of the north gate"))
        st.form_submit_button(
            _("Add"), on_click=_add, args=(key, topic.number, topic.version), key=f"{key}-add-{topic.version}"
        )
        if not any(option.abstain for option in found):
            st.form_submit_button(
                _("Add abstention"),
                on_click=_abstain,
                args=(topic.number, topic.version),
                key=f"{key}-abstain-{topic.version}",
            )


def removal(topic: Matter, found: list[Option]) -> None:
    """Take an option back, out of the way of the count."""
    with st.popover(_("Remove an option"), type="tertiary", key=f"remove-{topic.number}"):
        st.caption(_("The votes counted for it are removed with it."))
        for option in found:
            st.button(
                md(option.title),
                key=f"remove-{option.id}",
                icon=":material/close:",
                on_click=_remove,
                args=(topic.number, topic.version, option.id),
            )


def _add(key: str, number: str, drawn: int) -> None:
    if saving.save(meetings.add_option, number, drawn, st.session_state[key]):
        st.session_state[key] = ""


def _abstain(number: str, drawn: int) -> None:
    saving.save(meetings.add_option, number, drawn, _("Abstention"), abstain=True)


def _remove(number: str, drawn: int, option_id: int) -> None:
    saving.save(meetings.remove_option, number, drawn, option_id)
