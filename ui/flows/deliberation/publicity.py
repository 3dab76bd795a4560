"""Publicity 公示: how many days are left, and each objection with its answer."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.deliberation import Objection, Publicity
from models.matter import Matter
from services.flows.deliberation import publicities
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from services.rights.reader_texts import words
from services.system import clock
from services.words import vocabulary
from ui.frame import saving, status_badge
from ui.frame.text import _, day, md, term


def show(session: Session, actor: Actor, topic: Matter) -> None:
    """The latest notice of a topic with its objections; nothing when it was never on public notice."""
    notice = publicities.latest(session, topic)
    if notice is None:
        return
    _days(notice)
    hanging = topic.state == "publicised"
    for found in publicities.objections(session, notice):
        _objection(topic, found, words(actor), hanging and may_with(session, actor, "deliberation.reply", topic))
    if hanging and may_with(session, actor, "deliberation.object", topic):
        _form(topic)


def _days(notice: Publicity) -> None:
    left = (notice.ends_on - clock.today()).days
    st.markdown(f"**{md(notice.location)}** · {md(day(notice.starts_on))} – {md(day(notice.ends_on))}")
    if notice.starts_on > clock.today():
        status_badge.line("open", _("The notice has not begun."))
    elif left < 0:
        status_badge.line("met", _("The notice is over."))
    else:
        status_badge.line("open", _("{days} days left, today included.", days=left + 1))


def _objection(topic: Matter, found: Objection, read: Callable[[str], str], may_reply: bool) -> None:
    with st.container(border=True, gap="xsmall", key=f"objection-{found.id}"):
        st.markdown(f":gray[{term('participant', found.category)} · {md(day(found.at))}] {md(read(found.text))}")
        if found.reply:
            status_badge.line("met", f"{md(read(found.reply))} :gray[{md(day(found.replied_at))}]")
        else:
            status_badge.line("unmet", _("No answer yet."))
        if may_reply:
            _answer(topic, found)


def _answer(topic: Matter, found: Objection) -> None:
    key = f"reply-{found.id}"
    label = _("Correct the answer") if found.reply else _("Answer")
    with st.popover(label, key=f"popover-{key}"), st.form(f"form-{key}", border=False):
        st.text_area(_("Answer"), value=found.reply, key=key, max_chars=500, height=96)
        st.form_submit_button(
            _("Save"),
            on_click=_reply,
            args=(key, topic.number, topic.version, found.id),
            key=f"{key}-save-{topic.version}",
        )


def _form(topic: Matter) -> None:
    key = f"objection-new-{topic.number}"
    with st.expander(_("Log an objection"), icon=":material/add:"), st.form(f"form-{key}", border=False):
        st.selectbox(
            _("Who objects"),
            vocabulary.codes("participant"),
            index=None,
            key=f"{key}-category",
            width=180,
            format_func=lambda code: term("participant", code),
            placeholder=_("Choose"),
        )
        st.text_area(_("Objection"), key=key, max_chars=500, height=96)
        st.form_submit_button(
            _("Log"), on_click=_object, args=(key, topic.number, topic.version), key=f"{key}-log-{topic.version}"
        )


def _object(key: str, number: str, drawn: int) -> None:
    category, text = st.session_state[f"{key}-category"] or "", st.session_state[key]
    if saving.save(publicities.object_to, number, drawn, category, text):
        st.session_state[key], st.session_state[f"{key}-category"] = "", None


def _reply(key: str, number: str, drawn: int, objection_id: int) -> None:
    saving.save(publicities.reply, number, drawn, objection_id, st.session_state[key])
