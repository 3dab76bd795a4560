"""Likely duplicates on the screen: what is there already, why it may be the same, and the two answers to that."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import versioned_cache, workflow
from services.flows.issue import duplicates
from services.flows.issue.duplicates import Likely
from services.flows.issue.similarity import Why
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from ui.frame import saving
from ui.frame.links import matter_link
from ui.frame.text import _, day, md, term

Answer = Callable[[str], None]


def cards(found: list[Likely], same: Answer | None, apart: Answer | None, same_label: str) -> None:
    """One card a likely duplicate, the likeliest first; ``same`` and ``apart`` are callbacks with its number."""
    for one in found:
        number = one.matter.number
        with st.container(border=True, gap="xsmall", key=f"likely-{number}"):
            _facts(one)
            _buttons(number, same, apart, same_label)


def _buttons(number: str, same: Answer | None, apart: Answer | None, same_label: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if same is not None:
            st.button(same_label, key=f"same-{number}", icon=":material/merge:", on_click=same, args=(number,))
        if apart is not None:
            st.button(_("Not the same"), key=f"apart-{number}", type="tertiary", on_click=apart, args=(number,))


def _facts(one: Likely) -> None:
    matter = one.matter
    matter_link(matter)
    st.caption(
        f"{matter.number} · {term(f'state.{matter.flow}', matter.state)} · {md(one.area)} · {day(matter.opened_at)}"
    )
    if matter.description:
        st.text(matter.description if len(matter.description) <= 90 else f"{matter.description[:89]}…")
    st.markdown(" ".join(f":gray-badge[{part}]" for part in reasons(one.why)))
    if one.why.words:
        st.caption(_("Shared words: {words}", words=" · ".join(f"**{md(word)}**" for word in one.why.words)))


def reasons(why: Why) -> list[str]:
    """Why two may be the same, in a few words each."""
    found = []
    if why.metres is not None:
        found.append(_("{metres} m apart", metres=round(why.metres)))
    elif why.same_area:
        found.append(_("same area"))
    found.append(_("same day") if why.days == 0 else _("{days} days apart", days=why.days))
    if why.same_category:
        found.append(_("same category"))
    return found


def at_intake(session: Session, actor: Actor, matter: Matter) -> None:
    """Where an issue waits to be filed: this one beside the likeliest, and below it the others."""
    actions = {arrow.action for arrow in workflow.open_arrows(session, actor, matter)}
    if not {"accept", "merge"} <= actions:
        return
    question = ("likely", matter.number, matter.version)
    found = versioned_cache.kept(session, actor, question, lambda: duplicates.of_matter(session, actor, matter), 60)
    if not found:
        return
    apart = _distinguish(matter) if may_with(session, actor, "issue.distinguish", matter) else None
    st.subheader(_("Perhaps the same"))
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, gap="xsmall"):
        st.caption(_("This one"))
        st.markdown(f"**{md(matter.title)}**")
        st.caption(" · ".join(filter(None, (matter.number, md(matter.location), day(matter.opened_at)))))
        if matter.description:
            st.text(matter.description)
    with right:
        cards(found[:1], _merge(matter), apart, _("Same thing: merge"))
    if found[1:]:
        with st.expander(_("{count} more that may be the same", count=len(found) - 1)):
            cards(found[1:], _merge(matter), apart, _("Same thing: merge"))


def _merge(matter: Matter) -> Answer:
    number, version = matter.number, matter.version

    def merge(stays: str) -> None:
        saving.move(number, "merge", version, {"duplicate_of": stays})

    return merge


def _distinguish(matter: Matter) -> Answer:
    number, version = matter.number, matter.version

    def apart(other: str) -> None:
        saving.save(duplicates.distinguish, number, version, other)

    return apart
