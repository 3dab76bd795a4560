"""What the reference pages are made of: tables, terms in both languages, and docstrings that must be there."""

import inspect
from collections.abc import Iterable

from services.system import flow_files
from services.system.data_files import rows
from services.words import vocabulary

NOTICE = "generated: do not edit; run make docs"


class Undocumented(Exception):
    """Something that the reference must show has no docstring."""


def said_of(thing: object, name: str) -> str:
    """The docstring of ``thing`` as one line. Raises Undocumented with what to do."""
    said = inspect.cleandoc(getattr(thing, "__doc__", None) or "")
    if not said:
        raise Undocumented(f"{name} has no docstring. Say in one sentence what it is, then run make docs.")
    return " ".join(said.split())


def page(title: str, *parts: str) -> str:
    """A whole file."""
    return "\n\n".join((f"<!-- {NOTICE} -->", f"# {title}", *(part for part in parts if part))) + "\n"


def table(header: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(header)
    drawn = [head, ["---"] * len(head), *(list(line) for line in lines)]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in drawn)


def code(words: Iterable[str]) -> str:
    """Each word set as code."""
    return ", ".join(f"`{word}`" for word in words)


def both(kind: str, of: str) -> str:
    """A term in both languages."""
    return f"{vocabulary.term(kind, of, 'zh_CN')} {vocabulary.term(kind, of, 'en')}".strip()


def words(kind: str, of: str) -> tuple[str, str]:
    """A term in Chinese and in English."""
    return vocabulary.term(kind, of, "zh_CN"), vocabulary.term(kind, of, "en")


def grants() -> dict[str, dict[str, str]]:
    """The permission table, a row an act: the program's own acts, then those of each flow."""
    own = {row["act"]: row for row in rows("permissions.csv")}
    return own | {f"{row['flow']}.{row['action']}": row for row in flow_files.rows("rights.csv")}


def who(act: str) -> list[str]:
    """The roles that may do ``act``, in both languages."""
    return [both("role", role) for role in vocabulary.codes("role") if grants()[act][role]]
