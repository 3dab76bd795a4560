"""Raise an issue: what, where, and on a phone in a few taps. The point of the map comes with the URL."""

from secrets import token_hex
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from services import areas, issues, vocabulary
from services.areas import Scope
from services.categories import categories
from services.permissions import Actor
from ui import session as current
from ui.links import page_link
from ui.text import _, md, term

_FIELDS = ("title", "category", "source", "area", "location", "description")


def show(session: Session, actor: Actor, here: Scope) -> None:
    """The form; after it is handed in, the way to the new issue."""
    made = st.session_state.pop("issue-made", None)
    if made:
        st.success(_("Raised as {number}.", number=made), icon=":material/check_circle:")
        page_link("matter", _("Open it"), icon=":material/arrow_forward:", no=made)
    point = _point()
    holding = areas.at_point(session, *point) if point else None
    _where(session, actor, point, holding)
    nonce = st.session_state.setdefault("issue-nonce", token_hex(4))
    with st.form("issue", enter_to_submit=False):
        st.text_input(_("Title"), key="issue-title", max_chars=120, placeholder=_("What is wrong, and where"))
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
        st.form_submit_button(
            _("Hand in"),
            key=f"hand-in-{nonce}",
            type="primary",
            on_click=_hand_in,
            args=(point, holding.id if holding else None, nonce),
        )


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
    below = [area for area in areas.under(session, here.path) if area.path.startswith(actor.area_path)]
    called = {area.path: area.name for area in below}
    names = {area.id: _path_name(area, called) for area in below}
    st.selectbox(_("Area"), list(names), key="issue-area", format_func=lambda key: names.get(key, ""))


def _path_name(area: Area, called: dict[str, str]) -> str:
    above = area.path.rstrip("/").rpartition("/")[0] + "/"
    return f"{called[above]} › {area.name}" if above in called else area.name


def _hand_in(point: tuple[float, float] | None, area_id: int | None, nonce: str) -> None:
    handed, made = st.session_state.get("issue-handed", ("", None))
    if handed != nonce:
        # Otherwise this is the second half of a double click, and says once more what came of the first.
        entered = {name: st.session_state.get(f"issue-{name}") for name in _FIELDS}
        made = _create(entered, point, area_id)
    if made is not None:
        st.session_state["issue-made"] = made
        st.session_state["issue-handed"] = (nonce, made)
        st.session_state.pop("issue-nonce", None)
        for name in _FIELDS:
            st.session_state.pop(f"issue-{name}", None)


def _create(entered: dict[str, Any], point: tuple[float, float] | None, area_id: int | None) -> str | None:
    words = {name: entered[name] or "" for name in ("title", "description", "location")}
    lng, lat = point or (None, None)
    wanted = issues.NewIssue(
        **words,
        category=entered["category"],
        source=entered["source"] or "staff",
        area_id=area_id or entered["area"],
        lng=lng,
        lat=lat,
    )
    matter = current.commit(issues.create, wanted)
    return matter.number if matter else None
