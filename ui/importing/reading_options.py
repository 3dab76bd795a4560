"""How a file is read beyond its columns: coordinates, dates, titles, what may be seen, which ledger it continues."""

from collections.abc import Callable, Iterator
from functools import partial

import streamlit as st

from services.importing.mapping import kinds
from services.importing.mapping.kinds import Field
from services.importing.mapping.mapping import Options
from services.words.vocabulary import codes
from ui.frame.text import _, language, term
from ui.importing.open_file import Desk

_POINTS = ("lng", "lat", "point", "outline")


def show(desk: Desk) -> None:
    """The options that make a difference for this file; each takes effect at once."""
    matters = desk.mapping.kind == "matters"
    pieces = [*_pieces(desk), *(_of_matters(desk) if matters else [])]
    if not pieces:
        return
    with (
        st.expander(_("How it is read"), icon=":material/tune:", expanded=not matters),
        st.container(horizontal=True, gap="medium"),
    ):
        for piece in pieces:
            piece()


def _pieces(desk: Desk) -> Iterator[Callable[[], None]]:
    if desk.sheet.geometry or any(desk.mapping.has(field) for field in _POINTS):
        yield partial(_choice, desk, "datum", _("Coordinates"), codes("datum"))
    for field in kinds.fields(desk.mapping.kind).values():
        if field.type == "word" and field.vocabulary and not _told(desk, field):
            yield partial(_default, desk, field)
    if desk.sheet.geometry:
        yield partial(_toggle, desk, "repair", _("Repair outlines that cross themselves slightly"))


def _of_matters(desk: Desk) -> list[Callable[[], None]]:
    return [
        partial(_choice, desk, "date_format", _("Dates"), codes("date_format")),
        partial(_toggle, desk, "public", _("Viewers may see these matters")),
        partial(_toggle, desk, "masked", _("Hide identity and telephone numbers")),
        partial(_text, desk, "title", _("Title, put together from columns"), 420),
        partial(_text, desk, "description", _("Description, put together from columns"), 420),
        partial(_text, desk, "ledger", _("The ledger it continues"), 240),
    ]


def _told(desk: Desk, field: Field) -> bool:
    """Whether the file itself has the field, or no word could hold for all its rows: of areas only estates have one."""
    return bool(desk.mapping.columns.get(field.code)) or (field.kind, field.code) == ("areas", "kind")


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
