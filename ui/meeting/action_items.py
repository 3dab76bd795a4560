"""Action items 行动项 of a topic: what was promised, by whom, until when, and how far it is."""

from datetime import date, timedelta

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.organisation import Organisation
from services.engine import deadlines, links
from services.flows.action import actions
from services.flows.action.actions import NewAction
from services.places import form_choices
from services.rights.matter_rights import readable
from services.rights.permissions import Actor
from services.rights.reader_texts import words
from services.system import clock
from ui.frame import blocks, saving
from ui.frame.text import _, day, term
from ui.matter.matter_tables import clock_mark

_FIELDS = ("title", "unit", "due", "acceptance")


def show(session: Session, actor: Actor, topic: Matter) -> None:
    """The list, and the form to add to it where this person may and the topic still takes items."""
    found = actions.of_topic(session, topic)
    shown, read = {item.id: item for item in readable(session, actor, [item for item, _test in found])}, words(actor)
    drawn = [_item(session, shown[item.id], read(acceptance)) for item, acceptance in found if item.id in shown]
    blocks.draw(blocks.listed(drawn, "mulin-cards"))
    if not found:
        st.caption(_("No action item yet. A resolution is carried out through its action items."))
    if any(link.to == "action" for link in links.may_begin(session, actor, topic)):
        with st.expander(_("Add an action item"), icon=":material/add:", key=f"add-{topic.number}"):
            _form(session, topic)


def _item(session: Session, item: Matter, acceptance: str) -> str:
    unit = session.get(Organisation, item.unit_id or 0)
    state = blocks.badge(term(f"state.{item.flow}", item.state), "blue" if item.is_open else "gray")
    said = blocks.text("small", " · ".join((unit.name if unit else "", day(item.due_at), acceptance)))
    inner = blocks.text("b", item.title) + state + clock_mark(deadlines.standing(item)) + said
    return blocks.link("matter", inner, "mulin-card", no=item.number)


def _usual_day() -> date:
    return clock.today() + timedelta(days=14)


def _key(number: str, name: str) -> str:
    return f"action-new-{number}-{name}"


def _form(session: Session, topic: Matter) -> None:
    keys = {name: _key(topic.number, name) for name in _FIELDS}
    units = form_choices.units(session, topic)
    with st.form(f"form-action-{topic.number}", border=False, enter_to_submit=False):
        st.text_input(_("What is to be done"), key=keys["title"], max_chars=120)
        with st.container(horizontal=True):
            st.selectbox(
                _("Responsible unit"),
                list(units),
                index=None,
                key=keys["unit"],
                width=250,
                format_func=lambda code: units.get(code, code),
                placeholder=_("Choose"),
            )
            st.session_state.setdefault(keys["due"], _usual_day())
            st.date_input(_("Deadline"), key=keys["due"], format="YYYY-MM-DD", width=150)
        st.text_input(
            _("How one sees that it is done"), key=keys["acceptance"], max_chars=300, placeholder=_("24 live sockets")
        )
        st.form_submit_button(
            _("Add"), on_click=_add, args=(topic.number, topic.version), key=f"add-{topic.number}-go-{topic.version}"
        )


def _add(number: str, drawn: int) -> None:
    typed = {name: st.session_state.get(_key(number, name)) for name in _FIELDS}
    if saving.save(actions.create, number, drawn, NewAction(**typed)):
        empty = {"title": "", "unit": None, "due": _usual_day(), "acceptance": ""}
        st.session_state.update({_key(number, name): empty[name] for name in _FIELDS})
