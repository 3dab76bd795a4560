"""Words of a file that our rules don't know: each is listed once and told once what it means."""

import pandas as pd
import streamlit as st
from sqlmodel import Session

from services.importing.guess.unknown_words import Word, standing
from services.importing.mapping import kinds
from services.importing.mapping.mapping import NONE, OWN
from services.words.i18n import listed
from ui.frame.text import _, language, md, term
from ui.importing.open_file import Desk

# A cell that says nothing would look as if nobody had been asked.
_PASS = "-"
_OPEN_BELOW = 40
_NAMED = 12
_WHOLE, _TALL = 12, 420
# What a word of this type may become when nothing here is like it.
_OWN = {
    "category": listed("Keep as a category of our own"),
    "unit": listed("A new unit"),
    "area": listed("A new area"),
}


def show(session: Session, desk: Desk, unknown: dict[str, list[Word]]) -> None:
    """For each field with unknown words: the words, how often they stand there, and what they will mean."""
    _strange(desk)
    if not unknown:
        st.caption(_("Every word of the file is known."))
        return
    known = kinds.fields(desk.mapping.kind)
    for field, words in unknown.items():
        label = _("{field}: {count} words", field=known[field].label(language()), count=len(words))
        with st.expander(label, expanded=len(words) <= _OPEN_BELOW, icon=":material/translate:"):
            _table(desk, field, words, _labels(session, field, desk))


def _strange(desk: Desk) -> None:
    """What the import will make of areas; that nothing the file names is here speaks for another place."""
    names, none = desk.strange
    if not names:
        return
    told = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    if none and desk.mapping.ground is None:
        st.warning(
            _("None of the areas in the file is in this place: {names}. Is it the right place?", names=md(told)),
            icon=":material/wrong_location:",
        )
    else:
        st.caption(_("Areas that are not here yet ({count}): {names}", count=f"{len(names):,}", names=md(told)))


def _table(desk: Desk, field: str, words: list[Word], labels: dict[str, str]) -> None:
    told = desk.mapping.values.get(field, {})
    means = [told.get(word.word, word.suggestion) or _PASS for word in words]
    st.data_editor(
        pd.DataFrame({"word": [word.word for word in words], "count": [word.count for word in words], "means": means}),
        key=f"import-words-{field}-{desk.round}",
        hide_index=True,
        on_change=_correct,
        args=(desk, field, [word.word for word in words]),
        height="content" if len(words) <= _WHOLE else _TALL,
        column_config={
            "word": st.column_config.TextColumn(_("In the file"), disabled=True, width=260),
            "count": st.column_config.NumberColumn(_("Rows"), disabled=True, width=80),
            "means": st.column_config.SelectboxColumn(
                _("Means"), options=list(labels), format_func=lambda code: labels.get(str(code), str(code)), width=320
            ),
        },
    )


def _labels(session: Session, field: str, desk: Desk) -> dict[str, str]:
    told = kinds.fields(desk.mapping.kind)[field]
    own = {OWN: _OWN[told.type]} if told.type in _OWN else {}
    words = {code: term(told.vocabulary, code) for code in kinds.codes(told.vocabulary)} if told.vocabulary else {}
    here = standing(session, desk.mapping, told)
    return {code: _(label) for code, label in own.items()} | words | here | {_PASS: _("Pass over")}


def _correct(desk: Desk, field: str, words: list[str]) -> None:
    changes = st.session_state[f"import-words-{field}-{desk.round}"]["edited_rows"]
    said = {words[int(at)]: change["means"] for at, change in changes.items() if change.get("means") is not None}
    chosen = {word: NONE if code == _PASS else code for word, code in said.items()}
    told = desk.mapping
    values = told.values | {field: told.values.get(field, {}) | chosen}
    desk.mapping = told.model_copy(update={"values": values})
