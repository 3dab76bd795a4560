"""What was entered, in words: each value under its field's name, said as the field's type says."""

from typing import Any

from services.engine import field_words, fields, flows
from services.words import vocabulary
from ui.frame import text
from ui.frame.text import _, term

# Where the name of a value that no row knows may be a word: ties, categories of people, units of the ledger.
_KINDS = ("link", "participant", "ledger_unit")


def all_of(flow: str, data: dict[str, Any], names: dict[str, str]) -> str:
    """What was entered, each value under the name of its field; of an answered checklist the question itself."""
    if set(data) == {"question", "answer"}:
        return f"{term(f'question.{flow}', data['question'])} {term('check', data['answer'])}"
    if set(data) == {"before", "after"}:
        return _corrected(flow, data["before"], data["after"], names)
    told = ((name, value) for name, value in data.items() if value not in (None, ""))
    return " · ".join(f"{label(flow, name, value)}: {said(flow, name, value, names)}" for name, value in told)


def _corrected(flow: str, before: dict[str, Any], after: dict[str, Any], names: dict[str, str]) -> str:
    """Each corrected value as it was and as it is."""
    return " · ".join(
        f"{label(flow, name, after[name])}: {_or_nothing(flow, name, before.get(name), names)}"
        f" → {_or_nothing(flow, name, after[name], names)}"
        for name in after
    )


def _or_nothing(flow: str, name: str, value: Any, names: dict[str, str]) -> str:
    return said(flow, name, value, names) if value not in (None, "") else "–"


def label(flow: str, name: str, value: Any = None) -> str:
    """What a value is called; its key where no row and no word knows it."""
    field = fields.called(flow, name)
    # A sum by accounts under the name of a place on the map is one of points of the ledger.
    if field is not None and not (field.type == "point" and isinstance(value, dict)):
        return field_words.name(field, text.language())
    kind = next((kind for kind in _KINDS if vocabulary.known(kind, name)), "")
    return term(kind, name) if kind else name


def said(flow: str, name: str, value: Any, names: dict[str, str]) -> str:
    """A value as it is read. ``names`` gives bodies, places and posts their names by code."""
    field = fields.called(flow, name)
    kind = field.type if field else ""
    if isinstance(value, dict):
        return ", ".join(f"{names.get(key, key)} {_one(kind, part)}" for key, part in value.items() if part)
    if isinstance(value, bool):
        return term((field.kind if field else "") or "answer", "yes" if value else "no")
    if name == "state":
        return _state(flow, str(value))
    if kind == "code" and field:
        return _coded(field.kind, str(value))
    return str(names.get(str(value), _one(kind, value)))


def _coded(kind: str, code: str) -> str:
    """A code in words; what an opinion calls its category is that of the people who hold it."""
    return term(next((one for one in (kind, *_KINDS) if vocabulary.known(one, code)), kind), code)


def _state(flow: str, code: str) -> str:
    """The state that another matter came to, as its flow calls it."""
    told = (one for one in (*(one for one in flows.flows() if one != flow), flow) if flows.has(one, code))
    return term(f"state.{next(told, flow)}", code)


def _one(kind: str, value: Any) -> str:
    if kind == "moment":
        return str(value)[:16].replace("T", " ")
    if kind == "money" and isinstance(value, int):
        return _("{amount} yuan", amount=f"{value / 100:,.2f}")
    if isinstance(value, float) and 0 <= value <= 1:
        return f"{value:.1%}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
