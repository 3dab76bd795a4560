"""Forms of the registers: who joins a body, who leaves it, what is put on file, and that a review was done."""

from datetime import date

import streamlit as st
from sqlmodel import Session

from models.organisation import Organisation
from services.matters import organisations
from services.places.areas import Scope
from services.registers import filings, memberships
from services.registers.filings import NewFiling
from services.registers.memberships import Member, NewMember
from services.rights.permissions import Actor, may
from services.system import clock
from ui.frame import saving, session
from ui.frame.text import _, day


def join(data: Session, actor: Actor, here: Scope, bodies: list[Organisation]) -> None:
    """An organisation or a post joins an alliance or a committee."""
    if not bodies or not may(actor, "membership.write", here.path):
        return
    with st.expander(_("Enter a member"), icon=":material/group_add:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choice("join-body", _("Alliance or committee"), {body.code: body.name for body in bodies})
            _choice("join-member", _("Organisation that joins"), _organisations(data, here))
            _choice("join-office", _("Or a post that sits there too"), _offices(data, here))
            st.date_input(_("Joined on"), clock.today(), key="join-day", format="YYYY-MM-DD", width=150)
        st.button(_("Enter the member"), type="primary", on_click=_join, args=(saving.token("join"),))


def _join(drawn: str) -> None:
    said = {name: st.session_state.get(f"join-{name}") or "" for name in ("body", "member", "office")}
    joined = st.session_state.get("join-day") or clock.today()
    entered = NewMember(body=said["body"], organisation=said["member"], office=said["office"], joined_on=joined)
    if saving.once("join", drawn, memberships.join, entered):
        _empty("join-member", "join-office")


def leave(actor: Actor, here: Scope, found: list[Member]) -> None:
    """A member that was entered with its day leaves."""
    entered = {str(one.membership_id): f"{one.member.name} · {one.body.name}" for one in found if one.membership_id}
    if not entered or not may(actor, "membership.write", here.path):
        return
    with st.expander(_("Enter that a member left"), icon=":material/group_remove:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choice("leave-id", _("Member"), entered)
            st.date_input(_("Left on"), clock.today(), key="leave-day", format="YYYY-MM-DD", width=150)
        st.button(_("Enter that it left"), on_click=_leave)


def _leave() -> None:
    number = int(st.session_state.get("leave-id") or 0)
    if session.commit(memberships.leave, number, st.session_state.get("leave-day") or clock.today()):
        _empty("leave-id")


def file(data: Session, actor: Actor, here: Scope) -> None:
    """Put an organisation on file, or correct its filing."""
    if not may(actor, "filing.write", here.path):
        return
    with st.expander(_("Put on file, or enter a review"), icon=":material/inventory:"):
        _choice("file-body", _("Organisation"), _organisations(data, here), 420)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Filing number"), max_chars=48, key="file-number", width=200)
            st.text_input(_("Whom it serves"), max_chars=200, key="file-serves", width=300)
            st.date_input(_("Filed on"), None, key="file-day", format="YYYY-MM-DD", width=150)
            st.button(_("Put on file"), type="primary", on_click=_file)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.date_input(_("Reviewed on"), clock.today(), key="review-day", format="YYYY-MM-DD", width=150)
            st.button(_("Enter the review"), on_click=_review)


def _file() -> None:
    body, filed = st.session_state.get("file-body") or "", st.session_state.get("file-day")
    number, serves = st.session_state.get("file-number", ""), st.session_state.get("file-serves", "")
    entered = NewFiling(organisation=body, number=number, filed_on=filed or date.max, serves=serves)
    if session.commit(filings.put, entered):
        _empty("file-number", "file-serves", "file-day")


def _review() -> None:
    session.commit(
        filings.review, st.session_state.get("file-body") or "", st.session_state.get("review-day") or clock.today()
    )


def _choice(key: str, label: str, names: dict[str, str], width: int = 280) -> None:
    st.selectbox(label, list(names), index=None, key=key, width=width, format_func=lambda code: names.get(code, code))


def _organisations(data: Session, here: Scope) -> dict[str, str]:
    return {body.code: f"{body.name} · {area}" for body, area in organisations.organisations(data, here.path)}


def _offices(data: Session, here: Scope) -> dict[str, str]:
    found = organisations.offices(data, here.path)
    return {office.code: f"{office.title} · {area}" for office, area in found if office.organisation_id}


def _empty(*keys: str) -> None:
    for key in keys:
        st.session_state.pop(key, None)


def joined(one: Member) -> str:
    """Since when it belongs to the body."""
    return day(one.joined_on) or _("no day entered")
