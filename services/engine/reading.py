"""Reading: from the rows of a flow's folder to its definition."""

from typing import Any

from services.engine.definition import Arrow, Field, Flow, Guard, Link, Need, Question, State
from services.system import flow_files

FILES = ("states.csv", "arrows.csv", "fields.csv", "links.csv", "checklists.csv", "rights.csv")
Row = dict[str, str]


def read(code: str) -> Flow:
    """The flow called ``code``, as its folder has it. What is wrong with it, ``checks`` says."""
    head = flow_files.head(flow_files.folders()[code])
    return made(code, head, {name: tuple(r for r in flow_files.rows(name) if r["flow"] == code) for name in FILES})


def made(code: str, head: dict[str, Any], rows: dict[str, tuple[Row, ...]]) -> Flow:
    """The flow called ``code`` by these rows, each of which has ``flow`` and ``row``."""
    return Flow(
        code=code,
        head=head,
        states={state.code: state for state in map(_state, rows["states.csv"])},
        arrows=tuple(map(_arrow, rows["arrows.csv"])),
        links=tuple(map(_link, rows["links.csv"])),
        questions=tuple(map(_question, rows["checklists.csv"])),
        fields=_fields(code, rows["fields.csv"]),
        rows=rows,
    )


def _state(row: Row) -> State:
    *passed, station = row.get("station", "").split() or [""]
    return State(
        row["flow"],
        row.get("state", ""),
        row.get("kind", ""),
        station,
        row.get("public", ""),
        row.get("waits_for", ""),
        int(row["row"]),
        tuple(passed),
    )


def _arrow(row: Row) -> Arrow:
    return Arrow(
        row["flow"],
        tuple(row.get("from", "").split()),
        row.get("action", ""),
        row.get("to", ""),
        tuple(map(Need.read, row.get("needs", "").split())),
        tuple(map(Guard.read, row.get("guards", "").split())),
        row.get("deadline", ""),
        row.get("tone", ""),
        row.get("counts", ""),
        int(row["row"]),
    )


def _link(row: Row) -> Link:
    when, _colon, at = row.get("when", "").partition(":")
    does, _colon, words = row.get("does", "").partition(":")
    ends = row["flow"], row.get("kind", ""), row.get("to", "")
    return Link(*ends, when, tuple(at.split()), does, tuple(words.split()), int(row["row"]))


def _fields(code: str, own: tuple[Row, ...]) -> dict[str, Field]:
    return {name: field_of(code, row) for name, row in flow_files.layered("fields.csv", "field", own).items()}


def field_of(code: str, row: Row) -> Field:
    """The field that a row of the flow ``code`` describes."""
    return Field(
        code,
        row.get("field", ""),
        row.get("type", ""),
        tuple(row.get("of", "").split()),
        row.get("limit", ""),
        row.get("wide", "") == "yes",
        row.get("keep", ""),
        row.get("default", ""),
        int(row["row"]),
    )


def _question(row: Row) -> Question:
    return Question(row["flow"], row.get("state", ""), row.get("question", ""), row.get("required", "") == "yes")
