"""The officials' own terms, in both languages, as data: levels, kinds, states, actions, categories, roles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.system import flow_files
from services.system.data_files import rows
from services.system.flow_files import of_book
from services.words import former_rows, own_categories

LANGUAGES = ("zh_CN", "en")
# What a row of fields.csv says in both languages, by the beginning of its columns.
_FIELD_WORDS = {"field": "", "ask": "ask_", "refusal": "refusal_", "long": "long_", "example": "example_"}
Words = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True)
class Word:
    """A word inside a sentence, said in the language in which the sentence is read."""

    kind: str
    code: str

    def __str__(self) -> str:
        return term(self.kind, self.code, "en")

    def said(self, language: str) -> str:
        """The word in ``language``."""
        return term(self.kind, self.code, language)


@of_book
def _terms() -> Words:
    found = {(row["kind"], row["code"]): row for row in rows("mappings/terms.csv") + rows("terms.csv")}
    found |= {("role", row["role"]): row for row in rows("roles.csv")}
    found |= {("category", row["code"]): row for row in rows("categories.csv")}
    found |= {("flow", code): flow_files.head(folder) for code, folder in flow_files.folders().items()}
    found |= {("counted", code): _counted(flow_files.head(folder)) for code, folder in flow_files.folders().items()}
    found |= {(f"state.{row['flow']}", row["state"]): row for row in flow_files.rows("states.csv")}
    found |= {(f"action.{row['flow']}", row["action"]): row for row in flow_files.rows("arrows.csv")}
    found |= {(f"question.{row['flow']}", row["question"]): row for row in flow_files.rows("checklists.csv")}
    found |= {("indicator", row["indicator"]): row for row in rows("indicators.csv")}
    found |= {(row["kind"], row["code"]): row for row in flow_files.rows("terms.csv")}
    found |= {(f"imported_field.{row['kind']}", row["field"]): row for row in rows("imports/fields.csv")}
    return found | dict(_field_words())


def _field_words() -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    for flow in ("", *flow_files.folders()):
        own = [row for row in flow_files.rows("fields.csv") if row["flow"] == flow]
        for name, row in flow_files.layered("fields.csv", "field", own).items():
            for kind, prefix in _FIELD_WORDS.items():
                if row.get(f"{prefix}en"):
                    yield (f"{kind}.{flow}", name), {"zh": row.get(f"{prefix}zh", ""), "en": row[f"{prefix}en"]}


@of_book
def _sentences() -> dict[str, str]:
    """The Chinese of the refusals that stand in rows, by their English."""
    return {
        said["en"]: said["zh"] for (kind, _code), said in _terms().items() if kind.startswith(("refusal.", "long."))
    }


def sentence(message: str, language: str) -> str:
    """A refusal of a row, known by its English, in ``language``; any other sentence as it is."""
    return _sentences().get(message, message) if language.startswith("zh") else message


def known(kind: str, code: str) -> bool:
    """Whether there is a word for ``code``."""
    return (kind, code) in _terms()


def _counted(head: dict[str, Any]) -> dict[str, str]:
    """What stands behind a number of a flow's matters: 3 issues."""
    told = head.get("list", {})
    return {language: str(told.get(f"counted_{language}") or head.get(language, "")) for language in ("zh", "en")}


def term(kind: str, code: str | None, language: str) -> str:
    """The word for ``code`` in ``language``; the code itself where no word is known, nothing where there is none."""
    if not code:
        return ""
    chinese = language.startswith("zh")
    row = _terms().get((kind, code)) or _terms().get((f"imported.{kind}", code))
    if row:
        return str(row.get("zh" if chinese else "en") or code)
    if kind == "category":
        own = own_categories.known().get(code)
        return (own.zh if chinese else own.en) if own else code
    return former_rows.word(kind, code, "zh" if chinese else "en") or code


def codes(kind: str) -> list[str]:
    """All codes of a kind, in the order of the data file; of categories, the place's own at the end."""
    found = [code for known, code in _terms() if known == kind]
    return [*found, *own_categories.known()] if kind == "category" else found
