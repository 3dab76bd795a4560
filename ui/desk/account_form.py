"""An account typed: a new one, or another role, area and unit of one that is there."""

import streamlit as st
from sqlmodel import Session

from models.account import Account
from services.people import account_care
from services.people.account_care import Told
from services.places import areas, form_choices
from services.rights.permissions import Actor
from services.words import vocabulary
from ui.desk import account_list
from ui.frame import session as frame
from ui.frame.text import _, md, term

_NEW = ("account-login", "account-name")


def new(session: Session, actor: Actor, here: str) -> None:
    """The form for one more account, at first for the area in view; the code that opens it is shown above."""
    with st.popover(_("New account"), icon=":material/person_add:"):
        st.text_input(_("Sign-in name"), key=_NEW[0], max_chars=48, placeholder="li.na")
        st.text_input(_("Name"), key=_NEW[1], max_chars=64, help=_("Shown beside everything done with the account."))
        told = _asked(session, actor, "new", Told("staff", here))
        st.button(_("Make the account"), key="account-add", type="primary", on_click=_add, args=(told,))


def change(session: Session, actor: Actor, account: Account) -> None:
    """Another role, area and unit; closed or opened again."""
    # Kept from when the form was opened, so that what somebody else changes meanwhile is noticed.
    drawn: Told = st.session_state.setdefault(f"account-drawn-{account.id}", account_care.told_of(session, account))
    with st.container(border=True):
        st.markdown(f"**{md(account.name)}** · {md(account.login)}")
        told = _asked(session, actor, str(account.id), drawn)
        with st.container(horizontal=True):
            saved = (account_care.change, account.id, drawn, told)
            st.button(_("Save"), key="account-save", type="primary", on_click=_done, args=saved)
            act, label = (
                (account_care.close, _("Close account")) if account.active else (account_care.reopen, _("Open again"))
            )
            st.button(label, key="account-close", on_click=_done, args=(act, account.id))
            st.button(_("Cancel"), key="account-cancel", type="tertiary", on_click=_leave, args=(account.id,))


def _asked(session: Session, actor: Actor, key: str, drawn: Told) -> Told:
    roles = vocabulary.codes("role")
    role = st.selectbox(
        _("Role"),
        roles,
        index=roles.index(drawn.role),
        key=f"account-role-{key}",
        format_func=lambda code: term("role", code),
    )
    names = {area.code: area.name for area in areas.in_use(session, actor.area_path)}
    homes = [*([""] if not actor.area_path else []), *names]
    area = st.selectbox(
        _("Area"),
        homes,
        index=homes.index(drawn.area) if drawn.area in homes else 0,
        key=f"account-area-{key}",
        format_func=lambda code: names.get(code) or _("everywhere"),
    )
    units = form_choices.units_around(session, actor.area_path)
    offered = ["", *units]
    unit = st.selectbox(
        _("Unit"),
        offered,
        index=offered.index(drawn.unit) if drawn.unit in offered else 0,
        key=f"account-unit-{key}",
        format_func=lambda code: units.get(code) or _("none"),
        help=_("A unit clerk answers for one."),
    )
    return Told(str(role), str(area or ""), str(unit or ""))


def _add(told: Told) -> None:
    login, name = (str(st.session_state.get(key) or "") for key in _NEW)
    code = frame.commit(account_care.add, login, name, told)
    if code:
        account_list.tell(login, code)
        for key in _NEW:
            st.session_state.pop(key, None)


def _leave(account_id: int) -> None:
    st.session_state.pop(f"account-drawn-{account_id}", None)
    account_list.pick(None)


def _done(function: object, *args: object) -> None:
    # None is what these return, refused or not: whether it was kept is asked of the outcome that was left.
    frame.commit(function, *args)  # type: ignore[arg-type]
    st.session_state.pop(f"account-drawn-{args[0]}", None)
    if st.session_state.get("outcome", ("", ""))[0] == "success":
        account_list.pick(None)
