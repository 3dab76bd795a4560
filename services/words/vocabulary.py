"""The officials' own terms, in both languages, as data: levels, kinds, states, actions, categories, roles."""

from dataclasses import dataclass
from functools import lru_cache

from services.system import flow_files
from services.system.data_files import rows
from services.words import own_categories

LANGUAGES = ("zh_CN", "en")


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


@lru_cache
def _terms() -> dict[tuple[str, str], dict[str, str]]:
    found = {(row["kind"], row["code"]): row for row in rows("mappings/terms.csv") + rows("terms.csv")}
    found |= {("role", row["role"]): row for row in rows("roles.csv")}
    found |= {("category", row["code"]): row for row in rows("categories.csv")}
    found |= {("flow", code): flow_files.head(folder) for code, folder in flow_files.folders().items()}
    found |= {(f"state.{row['flow']}", row["state"]): row for row in flow_files.rows("states.csv")}
    found |= {(f"action.{row['flow']}", row["action"]): row for row in flow_files.rows("arrows.csv")}
    found |= {("indicator", row["indicator"]): row for row in rows("indicators.csv")}
    return found


def term(kind: str, code: str | None, language: str) -> str:
    """The word for ``code`` in ``language``; the code itself where no word is known, nothing where there is none."""
    if not code:
        return ""
    chinese = language.startswith("zh")
    row = _terms().get((kind, code)) or _terms().get((f"imported.{kind}", code))
    if row:
        return row["zh" if chinese else "en"]
    own = own_categories.known().get(code) if kind == "category" else None
    return (own.zh if chinese else own.en) if own else code


def codes(kind: str) -> list[str]:
    """All codes of a kind, in the order of the data file; of categories, the place's own at the end."""
    found = [code for known, code in _terms() if known == kind]
    return [*found, *own_categories.known()] if kind == "category" else found
