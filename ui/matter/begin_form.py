"""The form that begins a matter of any flow: what its ``flow.toml`` asks for, where it belongs, from which matter."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from models.matter import Matter
from services.engine import begin, field_rows, fields, flows, links
from services.engine.definition import Need
from services.engine.flows import BIRTH
from services.places import areas
from services.places.areas import Scope
from services.rights.permissions import Actor
from ui.frame import flows_here, saving
from ui.frame.links import page_link
from ui.frame.text import _, md
from ui.matter import step_fields
from ui.matter.step_fields import Asked


@dataclass(frozen=True)
class Beginning:
    """What is being begun: the flow, the matter it grows from, if any, and what is asked for."""

    flow: str
    origin: Matter | None
    needs: tuple[Need, ...]

    def key(self, name: str) -> str:
        """The key a field's widget keeps its value under."""
        return f"begin-{self.flow}-{self.origin.number if self.origin else ''}-{name}"

    def typed(self, name: str) -> Any:
        """What stands in a field; None where it is empty."""
        value = st.session_state.get(self.key(name))
        return None if value == "" else value


def beginning(session: Session, actor: Actor, flow: str, origin: Matter | None) -> Beginning | None:
    """What this actor begins here; None where nothing of the flow is begun from ``origin``, or without one."""
    birth = flows.birth(flow)
    if origin is None:
        return Beginning(flow, None, birth.needs)
    link = next((link for link in links.may_begin(session, actor, origin) if link.to == flow), None)
    return Beginning(flow, origin, begin.asked(birth, link).needs) if link else None


def show(session: Session, actor: Actor, here: Scope, what: Beginning) -> None:
    """The form; what is typed stays until the matter is begun, then the way to it stands above."""
    _made()
    _take_point(what)
    holding = _holding(session, what)
    if "point" in _names(what):
        _where(session, actor, what, holding)
    draft = _draft(session, here, what, holding)
    step_fields.draw_all([_asked(session, actor, here, what, draft, need) for need in _drawn(what, holding)])
    nonce = st.session_state.setdefault("begin-nonce", token_hex(4))
    st.button(
        _("Hand in"),
        key=f"begin-hand-in-{nonce}",
        type="primary",
        icon=":material/check:",
        width="stretch",
        on_click=_hand_in,
        args=(what, nonce),
    )


def _made() -> None:
    made = st.session_state.pop("begin-made", None)
    if made:
        st.success(_("Raised as {number}.", number=md(made)), icon=":material/check_circle:")
        page_link("matter", _("Open it"), icon=":material/arrow_forward:", no=made)


def _names(what: Beginning) -> list[str]:
    return [need.name for need in what.needs]


def _take_point(what: Beginning) -> None:
    """Put the point of the address into its field, once."""
    told = st.query_params.get("lng", ""), st.query_params.get("lat", "")
    if all(told) and st.session_state.get("begin-point") != told:
        st.session_state["begin-point"] = told
        st.session_state[what.key("point")] = ", ".join(told)


def _holding(session: Session, what: Beginning) -> Area | None:
    """The smallest area around the point in the form."""
    point = field_rows.degrees(what.typed("point")) if "point" in _names(what) else None
    return areas.at_point(session, *point) if point else None


def _where(session: Session, actor: Actor, what: Beginning, holding: Area | None) -> None:
    if holding:
        way = " › ".join(step.name for step in areas.ancestors(session, holding.path, actor.area_path))
        st.info(_("At the point on the map: {area}", area=md(way)), icon=":material/location_on:")
    elif what.typed("point"):
        st.warning(_("The point lies outside every area. Choose the area below."), icon=":material/wrong_location:")
    else:
        page_link("map", _("Choose the place on the map"), icon=":material/map:")


def _drawn(what: Beginning, holding: Area | None) -> list[Need]:
    """What is asked for; the area only where no point says it."""
    by_point = flows.flow(what.flow).part("begin").get("area") == "point"
    return [need for need in what.needs if not (holding and by_point and need.name == "area")]


def _draft(session: Session, here: Scope, what: Beginning, holding: Area | None) -> Matter:
    """A matter that is not there yet, for whatever depends on where it would lie."""
    return Matter(
        number="",
        flow=what.flow,
        state=flows.birth(what.flow).target,
        title=str(what.typed("title") or ""),
        description=str(what.typed("description") or ""),
        area_id=_area_id(session, here, what, holding),
        opened_month=0,
    )


def _area_id(session: Session, here: Scope, what: Beginning, holding: Area | None) -> int:
    if what.origin:
        return what.origin.area_id
    found = holding or areas.named(session, str(what.typed("area") or ""))
    return found.id if found else here.area_id


def _asked(session: Session, actor: Actor, here: Scope, what: Beginning, draft: Matter, need: Need) -> Asked:
    field = fields.of_flow(what.flow, need)
    choices = None
    if field.type == "area":
        choices = {area.code: area.name for area in areas.in_use(session, here.path)}
        if need.name == "area" and what.key("area") not in st.session_state and here.code in choices:
            st.session_state[what.key("area")] = here.code
    return Asked(session, actor, draft, BIRTH, what.key(need.name), field, need.optional, choices)


def _hand_in(what: Beginning, nonce: str) -> None:
    inputs = {name: what.typed(name) for name in _names(what) if what.typed(name) is not None}
    matter = _begin(what, nonce, inputs)
    if matter is not None:
        st.session_state["begin-made"] = matter.number
        for key in ("begin-nonce", *(what.key(name) for name in _names(what))):
            st.session_state.pop(key, None)


def _begin(what: Beginning, nonce: str, inputs: dict[str, Any]) -> Matter | None:
    if what.origin is None:
        return saving.once("begin", nonce, begin.begin, what.flow, inputs)
    return saving.once("begin", nonce, links.add, what.origin.number, what.origin.version, what.flow, inputs)


def head(what: Beginning) -> None:
    """What is begun, and from which matter."""
    st.title(_("New: {flow}", flow=md(flows_here.name(what.flow))))
    if what.origin:
        label = _("From {number}: {title}", number=md(what.origin.number), title=md(what.origin.title))
        page_link("matter", label, icon=":material/arrow_back:", no=what.origin.number)
