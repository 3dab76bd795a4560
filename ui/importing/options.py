"""How a file is read beyond its columns: coordinates, dates, titles, what may be seen, which ledger it continues."""

import streamlit as st

from services.importing import kinds
from services.importing.kinds import Field
from services.importing.mapping import Options
from services.vocabulary import codes
from ui.importing.desk import Desk
from ui.text import _, language, term

_POINTS = ("lng", "lat", "point", "outline")


def show(desk: Desk) -> None:
    """The options that make a difference for this file; each takes effect at once."""
    matters = desk.mapping.kind == "matters"
    with (
        st.expander(_("How it is read"), icon=":material/tune:", expanded=not matters),
        st.container(horizontal=True, gap="medium"),
    ):
        if desk.sheet.geometry or any(desk.mapping.has(field) for field in _POINTS):
            _choice(desk, "datum", _("Coordinates"), codes("datum"))
        for field in kinds.fields(desk.mapping.kind).values():
            if field.type == "word" and field.vocabulary and not desk.mapping.columns.get(field.code):
                _default(desk, field)
        if desk.sheet.geometry:
            _toggle(desk, "repair", _("Repair outlines that cross themselves slightly"))
        if matters:
            _choice(desk, "date_format", _("Dates"), codes("date_format"))
            _toggle(desk, "public", _("Viewers may see these matters"))
            _toggle(desk, "masked", _("Hide identity and telephone numbers"))
            _text(desk, "title", _("Title, put together from columns"), 420)
            _text(desk, "description", _("Description, put together from columns"), 420)
            _text(desk, "ledger", _("The ledger it continues"), 240)


def _key(desk: Desk, name: str) -> str:
    return f"import-{name}-{desk.round}"


def _choice(desk: Desk, name: str, label: str, offered: list[str]) -> None:
    st.selectbox(
        label,
        offered,
        index=offered.index(getattr(desk.mapping.options, name)),
        key=_key(desk, name),
        format_func=lambda code: term(name, code),
        on_change=_set,
        args=(desk, name),
        width=220,
    )


def _default(desk: Desk, field: Field) -> None:
    """What holds for every row where the file has no column for it."""
    offered = kinds.codes(field.vocabulary)
    now = desk.mapping.options.defaults.get(field.code)
    st.selectbox(
        _("{field} of all rows", field=field.label(language())),
        offered,
        index=offered.index(now) if now in offered else None,
        key=_key(desk, f"default-{field.code}"),
        format_func=lambda code: term(field.vocabulary, code),
        on_change=_set_default,
        args=(desk, field.code),
        width=220,
    )


def _set_default(desk: Desk, field: str) -> None:
    chosen = st.session_state[_key(desk, f"default-{field}")]
    options: Options = desk.mapping.options
    kept = {name: code for name, code in options.defaults.items() if name != field}
    kept |= {field: chosen} if chosen else {}
    desk.mapping = desk.mapping.model_copy(update={"options": options.model_copy(update={"defaults": kept})})


def _toggle(desk: Desk, name: str, label: str) -> None:
    st.toggle(label, getattr(desk.mapping.options, name), key=_key(desk, name), on_change=_set, args=(desk, name))


def _text(desk: Desk, name: str, label: str, width: int) -> None:
    helps = {
        "title": _(
            "{example} stands for the cell of that column, {area} for the name of the area.",
            example="{…}",
            area="{area}",
        ),
        "ledger": _("A row is known again by its number within one ledger. Keep it the same from month to month."),
    }
    before = getattr(desk.mapping.options, name)
    st.text_input(
        label, before, key=_key(desk, name), on_change=_set, args=(desk, name), width=width, help=helps.get(name)
    )


def _set(desk: Desk, name: str) -> None:
    options: Options = desk.mapping.options.model_copy(update={name: st.session_state[_key(desk, name)]})
    desk.mapping = desk.mapping.model_copy(update={"options": options})
