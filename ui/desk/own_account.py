"""One's own account: who one is here, the password, and where one is signed in."""

import streamlit as st
from sqlmodel import Session

from models.account import Account
from models.area import Area
from models.organisation import Organisation
from services.people import own_password, own_signins
from services.people.own_signins import Own
from services.rights.permissions import Actor
from services.system.settings import settings
from ui.frame import session
from ui.frame.text import _, md, moment, term


def facts(data: Session, actor: Actor) -> None:
    """Name, sign-in name, role, and for what one is responsible."""
    account = data.get_one(Account, actor.account_id)
    area = data.get(Area, account.area_id) if account.area_id else None
    unit = data.get(Organisation, account.organisation_id) if account.organisation_id else None
    told = {
        _("Name"): account.name,
        _("Sign-in name"): account.login,
        _("Role"): term("role", account.role),
        _("Area"): area.name if area else _("everywhere"),
    } | ({_("Unit"): unit.name} if unit else {})
    st.markdown("  \n".join(f"{label}: **{md(value)}**" for label, value in told.items()))


def password(data: Session, actor: Actor) -> None:
    """The way to another password, or why there is none."""
    account = data.get_one(Account, actor.account_id)
    st.subheader(_("Password"))
    if own_password.has_one(account):
        session.door_link("/password?next=/account", _("Change password"))
    elif account.demo:
        st.caption(_("This is a demo identity: one click opens it, and it has no password."))
    else:
        st.caption(_("You sign in with {provider}. The password is changed there.", provider=settings().oidc_label))


def sign_ins(data: Session, actor: Actor) -> None:
    """Where one is signed in; each can be ended, and all together."""
    st.subheader(_("Where I am signed in"))
    if data.get_one(Account, actor.account_id).demo:
        st.caption(_("Many people use this demo identity; only your own sign-in is shown."))
    else:
        st.button(
            _("Sign out everywhere"),
            icon=":material/logout:",
            help=_("This browser too. Do it when a device was lost or somebody has seen the password."),
            on_click=session.commit,
            args=(own_signins.end_all,),
        )
    for at, one in enumerate(own_signins.found(data, actor, session.digest())):
        _row(at, one)


def _row(at: int, one: Own) -> None:
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        browser, this = md(one.browser) or _("Unknown browser"), _("this browser")
        here = f" · :green[:material/check: {this}]" if one.here else ""
        times = _("since {since}, last seen {seen}", since=moment(one.since), seen=moment(one.seen))
        st.markdown(f"**{browser}**{here}  \n{times}")
        if not one.here:
            st.button(_("Sign out"), key=f"end-{at}", on_click=_end, args=(one.digest,))


def _end(digest: str) -> None:
    session.commit(own_signins.end, digest)
