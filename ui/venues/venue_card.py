"""A venue on the screen: its services on and off, its state, and the ways to bookings, duties and the map."""

import streamlit as st
from sqlmodel import Session

from models.item import Item
from services.parts import items
from services.rights.permissions import Actor, may
from services.venues import register, venue_services
from services.venues.register import Entry
from services.venues.venue_services import NewService
from services.words import vocabulary
from ui.frame import saving, url
from ui.frame.links import page_link
from ui.frame.session import commit
from ui.frame.text import _, md, term


def choose(found: list[Entry], label: str) -> Entry | None:
    """The venue that the address names, or that is chosen here."""
    by_code = {row.venue.code: row for row in found}
    chosen = st.selectbox(
        label,
        list(by_code),
        key=url.recall("venue", list(by_code)),
        on_change=url.keep,
        args=("venue",),
        format_func=lambda code: by_code[code].venue.name,
        placeholder=_("Choose a venue"),
        width=380,
    )
    return by_code.get(chosen or "")


def show(session: Session, actor: Actor, found: list[Entry]) -> None:
    """Choose a venue of the list, and what can be done with it."""
    row = choose(found, _("One venue"))
    if row is None:
        return
    with st.container(border=True):
        _facts(row)
        _links(row)
        _services(actor, row)
        if may(actor, "item.offer", row.area.path):
            _offer(session, actor, row)
        if may(actor, "venue.state", row.area.path):
            _state(row)


def _facts(row: Entry) -> None:
    now = term("venue_now", row.now) if row.venue.state == register.OPEN else term("venue_state", row.venue.state)
    hours = row.venue.hours or _("hours not recorded")
    st.markdown(f"**{md(row.venue.name)}** · {md(term('venue', row.venue.kind))} · {md(row.area.name)}")
    st.markdown(f"{md(now)} · {md(hours)}")


def _links(row: Entry) -> None:
    with st.container(horizontal=True):
        page_link("venue_bookings", _("Venue bookings"), ":material/event_available:", what=f"venue.{row.venue.code}")
        page_link("map", _("On the map"), ":material/map:", area=row.area.code, layers="venues,ground")


def _services(actor: Actor, row: Entry) -> None:
    if not row.services:
        st.caption(_("No services are recorded here."))
        return
    owned = may(actor, "item.offer", row.area.path)
    told = _("Services on: {on} of {all}", on=row.running, all=len(row.services))
    st.markdown(f"**{told}**")
    with st.container(horizontal=True):
        for item in row.services:
            _toggle(item, owned)


def _toggle(item: Item, owned: bool) -> None:
    on = item.withdrawn_at is None
    key = f"service-{item.id}-{on}"
    stands = _("on") if on else _("off")
    label = f"{item.name} · {stands}"
    st.toggle(md(label), on, key=key, disabled=not owned, on_change=_switch, args=(item.id, not on))


def _switch(item_id: int, on: bool) -> None:
    commit(items.switch, item_id, on)


def _offer(session: Session, actor: Actor, row: Entry) -> None:
    bodies = venue_services.owners(session, actor, row.area)
    with st.popover(_("Add a service, thing or room"), icon=":material/add:"):
        kinds, key = vocabulary.codes("item"), f"offer-{row.venue.code}"
        st.selectbox(_("Kind"), kinds, key=f"{key}-kind", format_func=lambda code: term("item", code))
        st.text_input(_("Name"), key=f"{key}-name", max_chars=64)
        st.selectbox(_("Whose"), list(bodies), key=f"{key}-body", format_func=lambda code: bodies[code])
        st.number_input(_("Usable at one time"), 1, 99_999, 1, key=f"{key}-capacity")
        st.button(_("Add"), on_click=_add, args=(key, saving.token(key), row.venue.code), type="primary")


def _add(key: str, token: str, code: str) -> None:
    said = st.session_state
    entered = NewService(
        organisation=said[f"{key}-body"] or "",
        kind=said[f"{key}-kind"] or "",
        name=said[f"{key}-name"],
        capacity=said[f"{key}-capacity"],
    )
    if saving.once(key, token, venue_services.offer, code, entered) is not None:
        st.session_state.pop(f"{key}-name", None)


def _state(row: Entry) -> None:
    others = [code for code in vocabulary.codes("venue_state") if code != row.venue.state]
    with st.popover(_("Change the state"), icon=":material/swap_horiz:"):
        for code in others:
            st.button(
                md(term("venue_state", code)),
                key=f"state-{row.venue.code}-{code}",
                on_click=commit,
                args=(register.change_state, row.venue.code, row.venue.state, code),
            )
