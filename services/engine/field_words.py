"""Field words: what a field is called, asked as and refused with, as its row says it in the reader's language."""

from collections.abc import Mapping

from services.engine.definition import Field
from services.system.errors import Refused
from services.words import vocabulary
from services.words.vocabulary import Word


def label(field: Field, language: str, action: str = "") -> str:
    """What a form asks, perhaps otherwise in the arrow ``action``; its name where nothing else stands."""
    return _first(field, ("ask", "field"), language, action) or field.called


def name(field: Field, language: str) -> str:
    """What it is called on the timeline, in lists and exports."""
    return _first(field, ("field", "ask"), language) or field.called


def example(field: Field, language: str, action: str = "") -> str:
    """The grey text in an empty field; nothing where none is given."""
    return _first(field, ("example",), language, action)


def refused(field: Field, otherwise: str, params: Mapping[str, object] | None = None, kind: str = "refusal") -> Refused:
    """The refusal of the row, or the sentence ``otherwise``, which may name the ``{field}``."""
    said = _first(field, (kind,), "en")
    told = dict(params or {})
    return Refused(said, **told) if said else Refused(otherwise, field=word(field), **told)


def too_long(field: Field, otherwise: str) -> str:
    """The sentence for a text with ``{length}`` signs where ``{limit}`` may stand."""
    return _first(field, ("long",), "en") or otherwise


def word(field: Field) -> Word:
    """The field's label inside a sentence."""
    known = [
        (f"{kind}.{field.flow}", called)
        for called in _names(field)
        for kind in ("ask", "field")
        if vocabulary.known(f"{kind}.{field.flow}", called)
    ]
    return Word(*(known or [("", field.called)])[0])


def _names(field: Field, action: str = "") -> list[str]:
    own = f"{field.called}.{action}" if action else ""
    return list(dict.fromkeys(filter(None, (own, field.called, field.name))))


def _first(field: Field, kinds: tuple[str, ...], language: str, action: str = "") -> str:
    for called in _names(field, action):
        for kind in kinds:
            if vocabulary.known(f"{kind}.{field.flow}", called):
                return vocabulary.term(f"{kind}.{field.flow}", called, language)
    return ""
