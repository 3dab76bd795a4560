"""Limits 办理时限 on the screen: what applies to a category and a unit and why, the whole table, and the samples."""

import pandas as pd
import streamlit as st
from sqlmodel import Session, col, select

from models.area import Area
from models.category import LocalCategory
from models.organisation import Organisation
from services.places import areas
from services.places.areas import Scope
from services.rules import time_limits
from services.rules.categories import categories
from services.rules.time_limits import Limit
from ui.frame import local_problems, time_amounts
from ui.frame.text import _, language, md, term


def show(session: Session, here: Scope) -> None:
    """The limits in force at an area."""
    local_problems.show(time_limits.problems())
    _question(session, here)
    st.subheader(_("In force here"))
    _table(time_limits.table(session, here.area_id))
    st.caption(_("A category of your own that has no row here has the days that were entered with it."))
    st.subheader(_("Samples of other cities, not in force"))
    st.caption(_("Second hand, to compare with. A place takes them on by naming their scope in its place pack."))
    _table(time_limits.presets(), samples=True)


def _question(session: Session, here: Scope) -> None:
    st.subheader(_("What applies, and why"))
    units = _units(session, here)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        category = _select(_("Category"), "limit-category", _categories(session))
        code = _select(_("Unit"), "limit-unit", {unit.code: unit.name for unit in units.values()})
    found = time_limits.candidates(session, here.area_id, category, units.get(code or ""))
    st.markdown(f"**{time_amounts.limit(found[0])}** · {md(_why(found[0]))}")
    for other in found[1:]:
        st.caption(_("It comes before: {amount} ({why})", amount=time_amounts.limit(other), why=md(_why(other))))


def _select(label: str, key: str, names: dict[str, str]) -> str | None:
    chosen: str | None = st.selectbox(
        label,
        list(names),
        index=None,
        key=key,
        format_func=lambda code: names.get(code, code),
        placeholder=_("Any"),
        width=260,
    )
    return chosen


def _categories(session: Session) -> dict[str, str]:
    own = session.exec(select(LocalCategory.code, LocalCategory.zh, LocalCategory.en)).all()
    tongue = language().startswith("zh")
    named = {code: term("category", code) for code in categories()}
    return named | {code: zh if tongue else en for code, zh, en in own}


def _units(session: Session, here: Scope) -> dict[str, Organisation]:
    query = select(Organisation).join(Area, col(Area.id) == Organisation.area_id)
    found = session.exec(query.where(areas.within(here.path)).order_by(col(Organisation.id)).limit(500))
    return {unit.code: unit for unit in found}


def _why(limit: Limit) -> str:
    what = " × ".join(_subject(limit)) or _("everything that has no limit of its own")
    return f"{what} · {term('limit_origin', limit.origin)} · {limit.source} ({limit.mark})"


def _subject(limit: Limit) -> list[str]:
    unit = term("organisation", limit.unit) if limit.unit else ""
    return [part for part in (term("category", limit.category), unit) if part]


def _table(found: list[Limit], samples: bool = False) -> None:
    rows = [
        {
            _("Category"): term("category", limit.category) or _("all"),
            _("Unit"): term("organisation", limit.unit) or _("all"),
            _("Time allowed"): time_amounts.limit(limit),
            _("Counted in"): term("time_clock", limit.clock),
            _("Scope"): term("scope", limit.scope),
            _("From"): term("limit_origin", limit.origin),
            _("Source"): limit.source,
            _("Evidence"): limit.mark,
        }
        for limit in found
    ]
    shown = [name for name in rows[0] if not (samples and name == _("From"))]
    st.dataframe(
        pd.DataFrame(rows, columns=shown),
        hide_index=True,
        placeholder="–",
        height="content" if len(rows) <= 14 else 500,
    )
