"""Kinds of import and the fields of each, as data: data/imports/fields.csv."""

from dataclasses import dataclass

from services.engine import flows
from services.rules import rules
from services.system import data_files, flow_files
from services.system.errors import Refused
from services.words import vocabulary

_STATE = "state"
KINDS = ("matters", "areas", "organisations", "venues", "offices", "forums")
# The areas a row may name, from the widest to the narrowest.
LEVELS = ("city", "district", "street", "community", "grid", "estate", "building")


@dataclass(frozen=True)
class Field:
    """One thing a row may say. ``words`` are what headers call it, the best first; ``vocabulary`` what it may say.

    Types: ref, title, long, text, date, time, word, yes, category, unit, area, lng, lat, point, count, code, name,
    parent, organisation, outline.
    """

    kind: str
    code: str
    zh: str
    en: str
    required: bool
    type: str
    vocabulary: str
    words: tuple[str, ...]
    note_zh: str
    note_en: str

    def label(self, language: str) -> str:
        """What the field is called in ``language``."""
        return self.zh if language.startswith("zh") else self.en


@flow_files.of_book
def fields(kind: str) -> dict[str, Field]:
    """The fields of a kind by code, in the order a template shows them. Refused for an unknown kind."""
    if kind not in KINDS:
        raise Refused("There is no kind {kind}. Choose one of: {known}.", kind=kind[:40], known=", ".join(KINDS))
    return {row["field"]: _field(row) for row in data_files.rows("imports/fields.csv") if row["kind"] == kind}


def imported_flow() -> str:
    """The flow that a ledger becomes where nobody says which."""
    return next(iter(flows.marked("import", "default")), flows.first())


def of_states(vocabulary_name: str) -> bool:
    """Whether a field of this vocabulary says where a matter stands: its codes are those of the flow imported to."""
    return vocabulary_name.startswith(f"{_STATE}.")


def _field(row: dict[str, str]) -> Field:
    words = tuple(word for word in row["words"].split("|") if word)
    known = f"{_STATE}.{imported_flow()}" if row["vocabulary"] == _STATE else row["vocabulary"]
    told = (row["type"], known, words, row["note_zh"], row["note_en"])
    return Field(row["kind"], row["field"], row["zh"], row["en"], bool(row["required"]), *told)


def codes(vocabulary_name: str) -> list[str]:
    """The codes a field of this vocabulary may hold."""
    if vocabulary_name == "ruleset":
        return list(dict.fromkeys(rule.ruleset for rule in rules.rulebook() if rule.ruleset))
    return vocabulary.codes(vocabulary_name)
