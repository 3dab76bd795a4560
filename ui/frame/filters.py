"""The one filter of list and map, and the area in view; both live in the URL, so a link is the whole view."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.area import Area
from services.engine import field_words, flows, versioned_cache
from services.figures.indicators import definitions
from services.matters import kept, list_addresses
from services.matters.asking import beyond, within
from services.matters.list_addresses import FIELDS, PARAMS
from services.matters.matters import Filter
from services.places import areas, form_choices
from services.places.areas import Scope
from services.rights.permissions import Actor, may
from services.system.errors import Refused
from services.words.cleaning import clean
from services.words.i18n import listed
from ui.frame import url
from ui.frame.links import page_link
from ui.frame.text import _, language, md, refusal, term
from ui.frame.text import width as text_width

# What a filter asks for that no other place knows, and the page of a list that was turned to there.
_OF_A_PLACE = ("unit", "forum", "page")


def scope(session: Session, actor: Actor) -> Scope:
    """The area in view: the URL's, else the last one looked at, else the actor's own. Says so where it may not be."""
    asked = clean(st.query_params.get("area"))
    try:
        found = areas.scope(session, actor, asked or st.session_state.get("area"))
    except Refused as refused:
        st.warning(refusal(refused), icon=":material/block:")
        found = areas.scope(session, actor, None)
        asked = found.code
    if "area" not in st.session_state and not asked:
        st.session_state["own-area"] = found.code
    if not asked and found.code != st.session_state.get("own-area"):
        st.query_params["area"] = found.code  # A copied link shows what was seen here.
    st.session_state["area"] = found.code
    return found


def go_to(code: str) -> None:
    """Callback: look at another area."""
    st.session_state["area"] = code
    st.query_params["area"] = code


def place(session: Session, actor: Actor) -> Scope:
    """The bar above a page: where one is, the way back up, and the way one level down. Returns the area in view."""
    here = scope(session, actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="place"):
        breadcrumb(session, actor, here)
        picker(session, actor, here)
    return here


def breadcrumb(session: Session, actor: Actor, here: Scope) -> None:
    """The way from the actor's own area down to the one in view; each step is a button back."""
    steps = versioned_cache.kept(
        session, actor, ("way", here.path), lambda: areas.ancestors(session, here.path, actor.area_path)
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", width="content", key="breadcrumb"):
        switch(session, actor, here)
        for step in steps[:-1]:
            st.button(md(step.name), key=f"crumb-{step.code}", type="tertiary", on_click=go_to, args=(step.code,))
            st.markdown("›")
        st.markdown(f"**{md(steps[-1].name)}**")
        if may(actor, "page.biography"):
            page_link("biography", _("Biography"), icon=":material/history:", area=here.code)


def switch(session: Session, actor: Actor, here: Scope) -> None:
    """The choice of a place, for whoever may look at several; at the head of every page that is about one."""
    found = versioned_cache.kept(session, actor, ("roots", actor.area_id), lambda: areas.roots(session, actor))
    roots = {root.code: root for root in found}
    if len(roots) < 2:
        return
    now = next((code for code, root in roots.items() if here.path.startswith(root.path)), None)
    st.selectbox(
        _("Place"),
        list(roots),
        index=list(roots).index(now) if now else None,
        key=f"place-{now}",
        format_func=lambda code: roots[code].name,
        placeholder=_("Place"),
        label_visibility="collapsed",
        width=min(260, 56 + max(text_width(root.name) for root in found)),
        on_change=_switch,
        args=(f"place-{now}",),
    )


def _switch(key: str) -> None:
    """Look at another place, and no longer for what only the one before has."""
    for name in _OF_A_PLACE:
        url.forget(PARAMS.get(name, name))
        st.session_state.pop(f"url-{PARAMS.get(name, name)}", None)
    _drill(key)


def picker(session: Session, actor: Actor, here: Scope) -> None:
    """Choose an area one level down."""
    inside = versioned_cache.kept(
        session, actor, ("inside", here.area_id), lambda: areas.children(session, here.area_id)
    )
    below = [area for area in inside if area.level != "building"]
    if below:
        names = {area.code: area.name for area in below}
        st.selectbox(
            term("level", below[0].level),
            list(names),
            index=None,
            key=f"drill-{here.code}",
            format_func=lambda code: names[code],
            placeholder=_("All of {name}", name=here.name),
            label_visibility="collapsed",
            width=220,
            on_change=_drill,
            args=(f"drill-{here.code}",),
        )


def _drill(key: str) -> None:
    if st.session_state.get(key):
        go_to(st.session_state[key])


def current(actor: Actor, here: Scope, flow: str = "") -> Filter:
    """The filter the URL asks for, of the first flow where none is named; what it doesn't know is left out.

    What the actor may not ask by is left out too, and the page says so.
    """
    asked = list_addresses.read(st.query_params, here.path, flow or flows.first())
    if beyond(actor, asked):
        st.info(_("The address asks by what your account may not read. That part is left out."), icon=":material/info:")
    return within(actor, asked)


def params(here: Scope | Area | None = None, **asked: Any) -> dict[str, str]:
    """Query parameters for a link to a filtered list: every figure leads to the rows behind it."""
    found = {PARAMS.get(name, name): str(value) for name, value in asked.items() if value}
    return found | ({"area": here.code} if here else {})


@dataclass(frozen=True)
class Asking:
    """What a widget of the filter is drawn for: one field, of one flow (of any where it is empty), in one area."""

    name: str
    flow: str
    session: Session | None = None
    actor: Actor | None = None
    here: Scope | None = None


def bar(
    flow: str,
    fields: tuple[str, ...] = ("text", "openness", "clock", "category", "state"),
    more: tuple[str, ...] = (),
    around: tuple[Session, Actor, Scope] | tuple[()] = (),
) -> None:
    """The filter's widgets; each keeps its value in the URL. ``more`` are one click away.

    Units and forums are those ``around`` the area in view.
    """
    with st.container(horizontal=True, key="filters"):
        for name in fields:
            _WIDGETS.get(name, _select)(Asking(name, flow, *around))
        if more:
            with st.popover(_("More filters"), icon=":material/tune:"):
                for name in more:
                    _WIDGETS.get(name, _select)(Asking(name, flow, *around))


def _text(_asking: Asking) -> None:
    text_search()


def text_search() -> None:
    """The search for words, a number or a place."""
    st.text_input(
        _("Search"),
        key="q",
        bind="query-params",
        max_chars=60,
        width=210,
        label_visibility="collapsed",
        placeholder=_("Number, words or place"),
        icon=":material/search:",
    )


def _select(asking: Asking) -> None:
    name, own = asking.name, kept.of(asking.flow).get(asking.name)
    if own:
        return _one_of(
            name,
            field_words.name(own, language()),
            {code: term(kept.word(own), code) for code in kept.choices(own)},
            140,
        )
    kind = {"state": f"state.{asking.flow}", "openness": "openness", "sort": "sort"}.get(name, name)
    labels = {code: _(label) for code, label in _LABELS.items()}
    param, offered = PARAMS.get(name, name), _offered(asking)
    _one_of(
        param,
        labels[name],
        {code: _order(asking.flow, code) if name == "sort" else term(kind, code) for code in offered},
        126,
    )


def _offered(asking: Asking) -> list[str]:
    """What may be chosen, without orders that go by what the actor may not read."""
    found = list_addresses.choices(asking.name, asking.flow)
    if asking.name != "sort" or asking.actor is None:
        return found
    return [code for code in found if not beyond(asking.actor, Filter(flow=asking.flow, sort=code))]


def _order(flow: str, code: str) -> str:
    name = code.removeprefix("-")
    own = kept.of(flow).get(name)
    return f"{field_words.name(own, language()) if own else term('sort', name)}{' ↓' if code.startswith('-') else ''}"


def _one_of(param: str, label: str, named: dict[str, str], width: int) -> None:
    st.selectbox(
        label,
        list(named),
        key=url.recall(param, list(named)),
        on_change=url.keep,
        args=(param,),
        format_func=lambda code: named.get(code, code),
        placeholder=label,
        label_visibility="collapsed",
        width=max(width, 56 + text_width(label)),
    )


def _unit(asking: Asking) -> None:
    _one_of("unit", _("Unit"), _around(asking, "units", form_choices.units_around), 190)


def _forum(asking: Asking) -> None:
    _one_of("forum", _("Forum"), _around(asking, "forums", form_choices.forums), 240)


def _around(asking: Asking, kind: str, read: Callable[[Session, str], dict[str, str]]) -> dict[str, str]:
    session, actor, here = asking.session, asking.actor, asking.here
    if session is None or actor is None or here is None:
        return {}
    return versioned_cache.kept(session, actor, (kind, here.path), lambda: read(session, here.path))


def _date(asking: Asking) -> None:
    label = _("Raised from") if asking.name == "opened_from" else _("Raised until")
    st.date_input(label, value=None, key=PARAMS[asking.name], bind="query-params", format="YYYY-MM-DD", width=150)


_LABELS = {
    "openness": listed("Open or closed"),
    "clock": listed("Clock"),
    "category": listed("Category"),
    "state": listed("State"),
    "source": listed("Source"),
    "sort": listed("Order"),
}
_WIDGETS = {"text": _text, "opened_from": _date, "opened_to": _date, "unit": _unit, "forum": _forum}
# What a flow may name in the filters of its list, besides its own fields.
KNOWN = (*_LABELS, *_WIDGETS)


def reason(wanted: Filter) -> None:
    """Say why the list holds what it holds, when it is the list behind a figure."""
    if wanted.figure:
        code, _dot, part = wanted.figure.partition(".")
        told = _("Left out") if part == "left" else definitions()[code].text(part, language())
        told = told or term("indicator", code)
        st.caption(_("Listed is what counts for {figure}: {part}", figure=term("indicator", code), part=md(told)))


def clear() -> None:
    """Callback: ask nothing of the list."""
    own = [name for flow in flows.flows() for name in kept.of(flow)]
    for name in (*FIELDS, *own):
        url.forget(PARAMS.get(name, name))
