"""The register of venues on the screen: what is asked of it, the list, and the counts by kind."""

import pandas as pd
import streamlit as st

from services.venues import register
from services.venues.register import Asked, Counts, Entry
from services.words import vocabulary
from ui.frame import url
from ui.frame.text import _, md, term
from ui.frame.text import width as text_width

_NOW = {"open": "●", "shut": "○", "unknown": "–"}
_VOCABULARIES = {"kind": "venue", "state": "venue_state", "now": "venue_now"}


def asked() -> Asked:
    """The filter of the list; each choice keeps its value in the address."""
    labels = {"kind": _("Kind"), "state": _("State"), "now": _("Open now?")}
    with st.container(horizontal=True):
        chosen = {name: _chosen(name, vocabulary_of, labels[name]) for name, vocabulary_of in _VOCABULARIES.items()}
    return Asked(**chosen)


def _chosen(name: str, kind: str, label: str) -> str:
    codes = vocabulary.codes(kind)
    return (
        st.selectbox(
            label,
            codes,
            key=url.recall(name, codes),
            on_change=url.keep,
            args=(name,),
            format_func=lambda code: term(kind, code),
            placeholder=label,
            label_visibility="collapsed",
            width=max(150, 56 + text_width(label)),
        )
        or ""
    )


def heading(found: list[Entry]) -> None:
    """How many there are, in which state, and how many are open at this moment."""
    if not found:
        return
    states = register.by_state(found)
    told = [f"{term('venue_state', code)} {sum(row[code] for row in states.cells.values())}" for code in states.columns]
    now = {code: sum(row.now == code and row.venue.state == register.OPEN for row in found) for code in _NOW}
    told += [f"{_NOW[code]} {term('venue_now', code)} {count}" for code, count in now.items()]
    st.caption(md(" · ".join([_("{count} venues", count=len(found)), *told])))


def table(found: list[Entry]) -> None:
    """The venues as rows."""
    if not found:
        st.info(_("No venue matches. Take a part of the filter away."), icon=":material/filter_alt_off:")
        return
    rows = [
        {
            _("Name"): row.venue.name,
            _("Kind"): term("venue", row.venue.kind),
            _("Open now?"): f"{_NOW[row.now]} {_now(row)}",
            _("Hours"): row.venue.hours,
            _("State"): term("venue_state", row.venue.state),
            _("Area"): row.area.name,
            _("Seats"): row.venue.capacity,
            _("Services on"): f"{row.running}/{len(row.services)}" if row.services else "",
        }
        for row in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="auto" if len(rows) < 12 else 470)


def _now(row: Entry) -> str:
    return term("venue_now", row.now) if row.venue.state == register.OPEN else term("venue_state", row.venue.state)


def counts(title: str, told: Counts, kind: str = "") -> None:
    """A table of counts with its sums; an empty cell is a nought."""
    names = {code: term(kind, code) if kind else name for code, name in told.columns.items()}
    rows = [
        {title: term("venue", code), _("All"): sum(row.values())} | {names[at]: row[at] for at in names}
        for code, row in told.cells.items()
    ]
    whole = {name: sum(row[at] for row in told.cells.values()) for at, name in names.items()}
    rows.append({title: _("All"), _("All"): sum(whole.values())} | whole)
    st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="–", height="content")
