"""Coverage on the screen: which areas have their posts, under, within or over the rule, and how many are needed."""

import streamlit as st
from sqlmodel import Session

from services.places.areas import Scope
from services.registers import coverage
from services.registers.coverage import Band, Covered
from services.rights.permissions import Actor
from services.words import vocabulary
from ui.frame import exports, url
from ui.frame.text import _, language, md, term
from ui.registers import tables


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The coverage by one kind of post, on one level; both are chosen above it."""
    kinds = coverage.kinds(session, here.path)
    if not kinds:
        st.info(_("No post that links households is registered here yet. Bring in posts under Import."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _one_of("post", _("Post"), {code: term("office", code) for code in kinds})
        levels = coverage.levels(session, here, kind)
        level = _one_of("level", _("Level"), {code: term("level", code) for code in levels})
    found, band = coverage.covered(session, here.path, kind, level), coverage.bands()[kind]
    with st.container(horizontal=True):
        for standing in vocabulary.codes("load"):
            st.metric(term("load", standing), sum(one.standing == standing for one in found), border=True)
    exports.buttons(actor, "coverage", here, post=kind, level=level)
    tables.show([_row(one, band) for one in found], _("Nothing is registered here yet."))
    for rule in filter(None, (band.least, band.most)):
        st.caption(md(" · ".join((rule.text(language()), rule.source, rule.scope))))


def _row(one: Covered, band: Band) -> dict[str, object]:
    return {
        _("Area"): one.area.name,
        _("How it stands"): term("load", one.standing),
        _("Households"): one.households,
        _("Filled"): one.filled,
        _("Vacant"): one.vacant,
        _("Households linked"): one.linked,
        _("Linked by nobody"): one.unlinked,
        _("Fewest of one post"): one.loads[0] if one.loads else None,
        _("Most of one post"): one.loads[-1] if one.loads else None,
        _("Posts needed for those linked"): band.needed(one.linked),
    }


def needed(session: Session, here: Scope) -> None:
    """How many posts so many households need, worked out from the rule; what is typed in is kept nowhere."""
    kinds = list(coverage.bands())
    there = coverage.kinds(session, here.path)
    names = {code: term("office", code) for code in sorted(kinds, key=lambda code: code not in there)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = _one_of("reckon", _("Post"), names)
        homes = st.number_input(_("Households to be linked"), 0, 999_999, 0, width=220, key="reckon-homes")
    band = coverage.bands()[kind]
    filled = sum(one.filled for one in coverage.covered(session, here.path, kind, here.level))
    st.metric(_("Posts needed"), band.needed(int(homes)), border=True, width=220)
    most = f"{band.most.value:g}"
    st.caption(
        _(
            "{homes} households, {most} to a post, rounded up. Filled here now: {filled}.",
            homes=homes,
            most=most,
            filled=filled,
        )
    )


def _one_of(param: str, label: str, names: dict[str, str]) -> str:
    first = next(iter(names))
    chosen = st.selectbox(
        label,
        list(names),
        key=url.recall(param, list(names), first),
        on_change=url.keep,
        args=(param,),
        format_func=lambda code: names.get(code, code),
        width=240,
    )
    return chosen or first
