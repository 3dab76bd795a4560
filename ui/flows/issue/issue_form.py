"""Raise an issue: what, where, and on a phone in a few taps. The point of the map comes with the URL."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from services.flows.issue import duplicates, issues, suggestions
from services.flows.issue.duplicates import Likely
from services.flows.issue.suggestions import Advice
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.words import vocabulary
from ui.flows.issue import likely_duplicates, suggested_category
from ui.frame import saving
from ui.frame.links import page_link
from ui.frame.text import _, md, term

Place = tuple[tuple[float, float] | None, int | None]
_FIELDS = ("title", "category", "source", "area", "location", "description")


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The form; after it is handed in, the way to the new issue. What may be the same stands beside it."""
    made = st.session_state.pop("issue-made", None)
    if made:
        st.success(_("Raised as {number}.", number=made), icon=":material/check_circle:")
        page_link("matter", _("Open it"), icon=":material/arrow_forward:", no=made)
    point = _point()
    holding = areas.at_point(session, *point) if point else None
    _where(session, actor, point, holding)
    place = point, holding.id if holding else None
    nonce = st.session_state.setdefault("issue-nonce", token_hex(4))
    form, beside = st.columns([3, 2], gap="medium")
    with form:
        advice = suggestions.suggest(session, _typed("title"), _typed("description"), _typed("location"))
        _fields(session, actor, here, holding, advice)
        found = _likely(session, actor, place, advice)
        _status(found)
        st.button(_("Hand in"), key=f"hand-in-{nonce}", type="primary", on_click=_hand_in, args=(*place, nonce))
    with beside:
        if found:
            st.subheader(_("Perhaps reported already"))
        likely_duplicates.cards(found, _same(place, nonce), _apart, _("Same thing: add to it"))


def _fields(session: Session, actor: Actor, here: Scope, holding: Area | None, advice: Advice) -> None:
    st.text_input(_("Title"), key="issue-title", max_chars=120, placeholder=_("What is wrong, and where"))
    suggested_category.offer(advice, st.session_state.get("issue-category"), _take)
    with st.container(horizontal=True):
        st.selectbox(
            _("Category"),
            list(categories()),
            index=None,
            key="issue-category",
            placeholder=_("Not sure yet"),
            format_func=lambda code: term("category", code),
        )
        st.selectbox(_("Source"), _sources(), key="issue-source", format_func=lambda code: term("source", code))
    if holding is None:
        _area(session, actor, here)
    st.text_input(
        _("Place in words"), key="issue-location", max_chars=200, placeholder=_("Such as: beside the north gate")
    )
    st.text_area(
        _("Description"),
        key="issue-description",
        max_chars=4000,
        placeholder=_("What is seen. No names, no telephone or identity numbers."),
    )


def _typed(name: str) -> str:
    return str(st.session_state.get(f"issue-{name}") or "")


def _take(code: str) -> None:
    st.session_state["issue-category"] = code


def _likely(session: Session, actor: Actor, place: Place, advice: Advice) -> list[Likely]:
    """What may be the same as the entry so far; the suggested category counts until one is chosen."""
    entered = _entered({name: st.session_state.get(f"issue-{name}") for name in _FIELDS}, *place)
    if entered.category is None and advice.sure:
        entered = entered.model_copy(update={"category": advice.likeliest[0].code})
    apart = st.session_state.get("issue-apart", [])
    return [one for one in duplicates.of_entry(session, actor, entered) if one.matter.number not in apart]


def _status(found: list[Likely]) -> None:
    # Always one line, so that the button below never moves.
    if found:
        st.markdown(
            _(":orange[:material/difference:] **{count}** may be the same: look before you hand in.", count=len(found))
        )
    elif _typed("title"):
        st.caption(_("Nothing like it was found around here."))
    else:
        st.caption(_("Whether it was reported already is looked up as you type."))


def _sources() -> list[str]:
    return [code for code in vocabulary.codes("source") if code not in ("import", "meeting")]


def _point() -> tuple[float, float] | None:
    try:
        lng, lat = float(st.query_params["lng"]), float(st.query_params["lat"])
    except (KeyError, ValueError):
        return None
    return (lng, lat) if abs(lng) <= 180 and abs(lat) <= 90 else None


def _where(session: Session, actor: Actor, point: tuple[float, float] | None, holding: Area | None) -> None:
    if point and holding:
        steps = areas.ancestors(session, holding.path, actor.area_path)
        st.info(
            _("At the point on the map: {area}", area=md(" › ".join(step.name for step in steps))),
            icon=":material/location_on:",
        )
    elif point:
        st.warning(_("The point lies outside every area. Choose the area below."), icon=":material/wrong_location:")
    else:
        page_link("map", _("Choose the place on the map"), icon=":material/map:")


def _area(session: Session, actor: Actor, here: Scope) -> None:
    below = [area for area in areas.in_use(session, here.path) if area.path.startswith(actor.area_path)]
    called = {area.path: area.name for area in below}
    names = {area.id: _path_name(area, called) for area in below}
    st.selectbox(_("Area"), list(names), key="issue-area", format_func=lambda key: names.get(key, ""))


def _path_name(area: Area, called: dict[str, str]) -> str:
    above = area.path.rstrip("/").rpartition("/")[0] + "/"
    return f"{called[above]} › {area.name}" if above in called else area.name


def _hand_in(point: tuple[float, float] | None, area_id: int | None, nonce: str) -> None:
    _once(point, area_id, nonce, duplicates.hand_in, st.session_state.get("issue-apart", []))


def _same(place: Place, nonce: str) -> Callable[[str], None]:
    def hand_in_same(number: str) -> None:
        _once(*place, nonce, duplicates.hand_in_same, number)

    return hand_in_same


def _apart(number: str) -> None:
    st.session_state["issue-apart"] = [*st.session_state.get("issue-apart", []), number]


def _once(
    point: tuple[float, float] | None, area_id: int | None, nonce: str, make: Callable[..., Matter], *more: Any
) -> None:
    typed = {name: st.session_state.get(f"issue-{name}") for name in _FIELDS}
    matter = saving.once("issue", nonce, make, _entered(typed, point, area_id), *more)
    if matter is not None:
        st.session_state["issue-made"] = matter.number
        for name in ("nonce", "apart", *_FIELDS):
            st.session_state.pop(f"issue-{name}", None)


def _entered(entered: dict[str, Any], point: tuple[float, float] | None, area_id: int | None) -> issues.NewIssue:
    words = {name: entered.get(name) or "" for name in ("title", "description", "location")}
    lng, lat = point or (None, None)
    return issues.NewIssue(
        **words,
        category=entered.get("category"),
        source=entered.get("source") or "staff",
        area_id=area_id or entered.get("area"),
        lng=lng,
        lat=lat,
    )
