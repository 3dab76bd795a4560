"""The accounts of an area: who may come in, and what an administrator does for them."""

import streamlit as st

from services.people import account_care
from services.people.account_care import Cared
from services.people.own_password import has_one
from ui.frame import session
from ui.frame.text import _, md, moment, term

_CODE, _PICKED = "one-time-code", "account-picked"


def show_code() -> None:
    """The code that was just given, this once."""
    login, code = st.session_state.pop(_CODE, ("", ""))
    if code:
        st.success(
            _(
                "One-time code for {login}. Tell it to its owner; it is shown only now, and opens once.",
                login=md(login),
            ),
            icon=":material/key:",
        )
        st.code(code, language=None)


def tell(login: str, code: str) -> None:
    """Let the next run show a code."""
    st.session_state[_CODE] = (login, code)


def pick(account_id: int | None) -> None:
    """Callback: change this account; none, no longer."""
    st.session_state[_PICKED] = account_id


def picked() -> int | None:
    """The account that is being changed."""
    found: int | None = st.session_state.get(_PICKED)
    return found


def show(found: list[Cared]) -> None:
    """A row for each account, with what can be done for it."""
    if not found:
        st.info(_("There is no such account in this area."), icon=":material/info:")
    for one in found[: account_care.SHOWN]:
        _row(one)
    if len(found) > account_care.SHOWN:
        st.caption(_("The first {count} are shown. Search for a name.", count=account_care.SHOWN))


def _row(one: Cared) -> None:
    account = one.account
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        where = one.unit or one.area or _("everywhere")
        seen = _("last seen {seen}", seen=moment(one.seen)) if one.seen else _("not seen lately")
        told = " · ".join((term("role", account.role), md(where), _state(one), seen))
        st.markdown(f"**{md(account.name)}** · {md(account.login)}  \n{told}")
        if not account.demo:
            with st.container(horizontal=True, width="content"):
                if account.active:
                    _buttons(one)
                st.button(_("Change"), key=f"change-{account.id}", on_click=pick, args=(account.id,))


def _buttons(one: Cared) -> None:
    account = one.account
    if has_one(account):
        st.button(
            _("One-time code"),
            key=f"code-{account.id}",
            help=_("For a forgotten password. It ends the password and every sign-in of this account at once."),
            on_click=_give,
            args=(account.id, account.login),
        )
    st.button(
        _("Sign out everywhere"),
        key=f"out-{account.id}",
        on_click=session.commit,
        args=(account_care.sign_out_everywhere, account.id),
    )


def _state(one: Cared) -> str:
    account = one.account
    if not account.active:
        return _("closed")
    if account.demo:
        return _("demo identity")
    if account.code is not None:
        return _("waits for the one-time code to be used")
    return _("password to be changed") if account.must_change else _("active")


def _give(account_id: int, login: str) -> None:
    code = session.commit(account_care.give_code, account_id)
    if code:
        tell(login, code)
