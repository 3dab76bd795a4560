"""Parties 参与方 on the screen: who was called, who signed in, who came, who delivered, and how both sides rate it."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.party import Party
from services.engine import flows
from services.parts import parties, party_steps
from services.parts.parties import NewParty
from services.parts.party_steps import Called
from services.places import form_choices
from services.rights.permissions import Actor
from services.words import vocabulary
from ui.frame import saving
from ui.frame.text import _, md, moment, term

_RATES = ("rate", "rate_back")


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The parties with what may be done about each now; nothing for a flow that calls nobody."""
    if "parties" not in flows.flow(matter.flow).words("page", "parts"):
        return
    found = party_steps.called(session, actor, matter)
    inviting = party_steps.may_invite(session, actor, matter)
    if not found and not inviting:
        return
    with st.container(border=True, key=f"parties-{matter.number}"):
        st.markdown("##### " + (_own(matter.flow, "heading") or _("Who is called")))
        if not found:
            st.caption(_own(matter.flow, "none") or _("Nobody is called yet. Call the units that are needed."))
        for one in found:
            _row(matter, one)
        if inviting:
            _invite(session, matter, {one.party.organisation_id for one in found})


def _own(flow: str, word: str, **told: str) -> str:
    """What a flow that calls its parties otherwise says, from its terms; nothing for one that doesn't."""
    code = f"{party_steps.part_of(flow)}_{word}"
    return term("party_word", code).format(**told) if vocabulary.known("party_word", code) else ""


def _row(matter: Matter, one: Called) -> None:
    with st.container(gap="xxsmall", key=f"party-{one.party.id}"):
        st.markdown(f"**{md(one.name)}**  \n{md(' · '.join(_standing(matter.flow, one)))}")
        if one.acts:
            with st.container(horizontal=True, vertical_alignment="bottom", key=f"party-acts-{one.party.id}"):
                for act in one.acts:
                    _offer(matter, one.party, act)


def _standing(flow: str, one: Called) -> list[str]:
    party, at = one.party, moment(one.party.invited_at)
    told = [_own(flow, "called", time=at) or _("called {time}", time=at)]
    if party.left_at:
        return [*told, _("declined: {reason}", reason=party.reason)]
    told.append(_signed(flow, party))
    if party.attended is not None:
        told.append(_("came") if party.attended else _("did not come"))
    if one.promised:
        told.append(_("{kept} of {promised} promises kept", kept=one.kept, promised=one.promised))
    if party.answer:
        told.append(_("says: {answer}", answer=party.answer))
    for rating, label in ((party.rating_received, _("we rate")), (party.rating_given, _("they rate"))):
        told += [f"{label}: {term('satisfaction', rating)}"] if rating else []
    return told


def _signed(flow: str, party: Party) -> str:
    at = moment(party.signed_at)
    if not at:
        return _own(flow, "unsigned") or _("not signed in yet")
    return _own(flow, "signed", time=at) or _("signed in {time}", time=at)


def _key(party: Party, act: str) -> str:
    return f"party-{act}-{party.id}"


def _offer(matter: Matter, party: Party, act: str) -> None:
    told = (matter.number, matter.version, party.id)
    if act == "sign":
        st.button(
            _own(matter.flow, "sign") or _("Sign in"), key=_key(party, act), type="primary", on_click=_sign, args=told
        )
        with st.popover(_("Decline…")):
            st.text_area(_("Why they do not take part"), key=_key(party, "reason"), max_chars=500)
            st.button(_("Decline"), key=_key(party, "decline"), on_click=_decline, args=told)
    elif act == "attend" and party.signed_at:
        st.button(_("Came"), key=_key(party, "came"), on_click=_attend, args=(*told, True))
        st.button(_("Did not come"), key=_key(party, "absent"), on_click=_attend, args=(*told, False))
    elif act == "answer":
        st.text_input(_("What was done"), key=_key(party, act), max_chars=500, on_change=_answer, args=told)
    elif act in _RATES:
        label = _("How we rate the unit") if act == "rate" else _("How the unit rates us")
        codes = [code for code in vocabulary.codes("satisfaction") if code != "unknown"]
        kept = party.rating_received if act == "rate" else party.rating_given
        st.selectbox(
            label,
            codes,
            index=codes.index(kept) if kept in codes else None,
            key=_key(party, act),
            format_func=lambda code: term("satisfaction", code),
            placeholder=_("Choose"),
            width=220,
            on_change=_rate,
            args=(*told, act),
        )


def _invite(session: Session, matter: Matter, already: set[int | None]) -> None:
    units = form_choices.units(session, matter)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"invite-{matter.number}-{len(already)}"
        st.selectbox(
            _own(matter.flow, "unit") or _("Unit to call"),
            list(units),
            index=None,
            key=key,
            format_func=lambda code: units.get(code, code),
            placeholder=_("Choose"),
            width=280,
        )
        st.button(
            _own(matter.flow, "call") or _("Call"),
            key=f"{key}-go",
            on_click=_call,
            args=(matter.number, matter.version, key),
        )
    st.session_state[f"part-{matter.number}"] = party_steps.part_of(matter.flow)


def _call(number: str, drawn: int, key: str) -> None:
    entered = NewParty(organisation=st.session_state.get(key), part=st.session_state.get(f"part-{number}", ""))
    saving.save(parties.invite, number, drawn, entered)


def _sign(number: str, drawn: int, party: int) -> None:
    saving.save(parties.sign, number, drawn, party)


def _decline(number: str, drawn: int, party: int) -> None:
    saving.save(parties.decline, number, drawn, party, st.session_state.get(f"party-reason-{party}") or "")


def _attend(number: str, drawn: int, party: int, came: bool) -> None:
    saving.save(parties.attend, number, drawn, party, came)


def _answer(number: str, drawn: int, party: int) -> None:
    if typed := st.session_state.get(f"party-answer-{party}"):
        saving.save(parties.answer, number, drawn, party, typed)


def _rate(number: str, drawn: int, party: int, act: str) -> None:
    if chosen := st.session_state.get(f"party-{act}-{party}"):
        saving.save(parties.rate if act == "rate" else parties.rate_back, number, drawn, party, chosen)
