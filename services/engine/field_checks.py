"""Field checks: what is wrong in the rows of fields.csv, and in the needs that name them."""

import re
from collections.abc import Callable, Iterator, Mapping

from services.engine import field_values, fields, flows, workflow
from services.engine.definition import Arrow, Field, Flow, Need
from services.engine.reading import field_of
from services.system import flow_files
from services.words import vocabulary
from services.words.i18n import listed

Found = Iterator[tuple[str, int, str, dict[str, object]]]
Wrongs = Iterator[tuple[str, dict[str, object]]]
Row = Mapping[str, str]

FILE = "fields.csv"
_PAIRS = ("", "ask_", "refusal_", "long_", "example_")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]*)?")
_DAY = re.compile(r"(today|due|hold)[+-]\d{1,4}")
_SPAN = re.compile(r"(-?\d{1,5})?\.\.(-?\d{1,5})?")
_LONGEST = {"title": 120, "location": 200}
# What a matter is called is looked up by its words, which are written down when it begins.
_AT_BEGIN = ("title", "description", "location")
_DUE_BY = {"given": "due", "unit": "unit", "hold": "hold_until", "prolong": "hold_until", "publicity": "ends_on"}

_UNKNOWN = listed("{file}, row {row}: {column} of {field} is {value}. Write {known}.")
_EMPTY = listed("{file}, row {row}: {column} of {field} is {value}, which its type doesn't take. Leave it empty.")
_NO_KIND = listed(
    "{file}, row {row}: {field} takes its codes from {value}, which are no words. Write a kind of terms.csv, and behind"
    " it the codes to offer where not all of them are."
)
_TWICE = listed("{file}, row {row}: {field} stands here a second time. Take one of the two rows out.")
_MISSING = listed("{file}, row {row}: {missing} of {field} is empty. Write it in both languages.")
_BRACES = listed("{file}, row {row}: {column} of {field} has a placeholder that nothing fills. Take the braces out.")
_NO_FIELD = listed("{file}, row {row}: no row of fields.csv gives {value} a type. Add such a row, or write {known}.")
_NO_LABEL = listed("{file}, row {row}: {value} has no name. Add a row {value} to fields.csv with zh and en.")
_LATE = listed("{file}, row {row}: {value} is set when a matter begins. Ask for it there, or keep it as detail.")
_NO_NEED = listed("{file}, row {row}: the guard {guard} looks at {value}. Add {value} to needs.")
_NO_DUE = listed("{file}, row {row}: the deadline {deadline} comes from the field {value}. Add {value} to needs.")


def shared() -> Found:
    """What is wrong in the rows that all flows share."""
    yield from _rows("", flow_files.shared(FILE))


def own(flow: Flow) -> Found:
    """What is wrong in the rows of one flow, and in what its arrows and its beginning ask for."""
    yield from _rows(flow.code, flow.rows.get(FILE, ()))
    for need in flow.birth.needs:
        yield from _at("flow.toml", 0, _need(flow, need))
    for arrow in flow.arrows:
        names = {need.name for need in arrow.needs}
        for need in arrow.needs:
            yield from _at("arrows.csv", arrow.row, _need(flow, need))
            field = flow.fields.get(need.field)
            if field and field.keep in _AT_BEGIN:
                yield "arrows.csv", arrow.row, _LATE, {"value": need.field}
        yield from _at("arrows.csv", arrow.row, _guards(arrow, names))
        if (wanted := _DUE_BY.get(arrow.deadline)) and wanted not in names:
            yield "arrows.csv", arrow.row, _NO_DUE, {"deadline": arrow.deadline, "value": wanted}
    for name in flow.words("page", "facts"):
        if name not in kept(flow):
            known = " ".join(sorted(kept(flow)))
            yield "flow.toml", 0, _UNKNOWN, {"column": "facts", "field": "[page]", "value": name, "known": known}


def _guards(arrow: Arrow, names: set[str]) -> Wrongs:
    for guard in arrow.guards:
        needs: Callable[..., tuple[str, ...]] = getattr(workflow.guards().get(guard.name), "needs", lambda *_told: ())
        try:
            lost = [name for name in needs(*guard.arguments) if name not in names]
        except TypeError:  # the number of arguments is wrong, which is a fault of its own
            lost = []
        if lost:
            yield _NO_NEED, {"guard": guard.name, "value": lost[0]}


def _at(file: str, row: int, wrongs: Wrongs) -> Found:
    yield from ((file, row, message, told) for message, told in wrongs)


def kept(flow: Flow) -> dict[str, str]:
    """What the flow's arrows and its beginning keep on a matter: its name there, and the field it is."""
    needs = [need for arrow in flow.arrows for need in arrow.needs]
    needs += flow.birth.needs
    own = {name: name for name, field in flow.fields.items() if field.keep == "detail"}
    asked = {need.name: need.field for need in needs if need.field in flow.fields and flow.fields[need.field].keep}
    return own | asked


def _need(flow: Flow, need: Need) -> Wrongs:
    typed = sorted(name for name, field in flow.fields.items() if field.type)
    if need.field not in typed:
        yield _NO_FIELD, {"value": need.field, "known": " ".join(typed)}
    elif not vocabulary.known(f"field.{flow.code}", need.name):
        yield _NO_LABEL, {"value": need.name}


def _rows(flow: str, rows: tuple[dict[str, str], ...]) -> Found:
    seen, layered = set[str](), flow_files.layered(FILE, "field", rows if flow else ())
    for row in rows:
        name, at = row.get("field", ""), int(row["row"])
        merged = layered[name]
        field = field_of(flow, merged)
        if name in seen:
            yield FILE, at, _TWICE, {"field": name}
        seen.add(name)
        for message, told in (*_words(row, merged, field), *_cells(merged, field)):
            yield FILE, at, message, told


def _cells(merged: Row, field: Field) -> Wrongs:
    for column, known, right in _CHECKS:
        if not right(field):
            wanted = known if isinstance(known, str) else known(field)
            message = _NO_KIND if column == "of" and field.type == "code" else _UNKNOWN if wanted else _EMPTY
            value = merged.get(column) or "–"
            yield message, {"column": column, "field": field.name, "value": value, "known": wanted}


def _words(row: Row, merged: Row, field: Field) -> Wrongs:
    for prefix in _PAIRS:
        lost = [f"{prefix}{one}" for one in ("zh", "en") if not row.get(f"{prefix}{one}")]
        named = not field.type or merged.get("zh") or merged.get("en")
        if len(lost) == 1 or (lost and not prefix and not named):
            yield _MISSING, {"missing": " ".join(lost), "field": field.name}
        for language in ("zh", "en"):
            filled = {"length": "", "limit": ""} if prefix == "long_" else {}
            if not _fills(row.get(f"{prefix}{language}", ""), filled):
                yield _BRACES, {"column": f"{prefix}{language}", "field": field.name}


def _fills(sentence: str, filled: dict[str, str]) -> bool:
    try:
        sentence.format(**filled)
    except (KeyError, IndexError, ValueError):
        return False
    return True


def _of(field: Field) -> bool:
    if field.type == "code":
        known = vocabulary.codes(field.kind)
        return bool(known) and set(field.of[1:]) <= set(known)
    return set(field.of) <= _of_known(field.type)


def _of_known(kind: str) -> set[str]:
    return {
        "organisation": {"units", *vocabulary.codes("organisation")},
        "matter": set(flows.flows()),
        "moment": {"day"},
    }.get(kind, set())


def _say_of(field: Field) -> str:
    return " ".join(sorted(_of_known(field.type)))


def _limit(field: Field) -> bool:
    if not field.limit:
        return True
    if field.type in ("day", "moment"):
        least, most = field.span() if _SPAN.fullmatch(field.limit) else (1, 0)
        return least is None or most is None or least <= most
    counted = field.type == "count" and re.fullmatch(r"\d{1,10}\.\.\d{1,10}", field.limit)
    if not counted and not re.fullmatch(r"\d{1,10}", field.limit):
        return False
    least, most = field.span()
    return 1 <= (most or 0) <= _most(field) and (least or 0) <= (most or 0)


def _most(field: Field) -> int:
    most = {"text": 4000, "count": 2_000_000_000, "money": 1_000_000_000}.get(field.type, 0)
    return min(most, _LONGEST.get(field.keep, most))


def _say_limit(field: Field) -> str:
    if field.type in ("day", "moment"):
        return "-60..366"
    return f"1 … {_most(field)}" if _most(field) else ""


def _keep(field: Field) -> bool:
    return field.keep in ("", "event", "detail") or fields.COLUMNS.get(field.keep) == field.type


def _say_keep(field: Field) -> str:
    return " ".join(("event", "detail", *(name for name, kind in fields.COLUMNS.items() if kind == field.type)))


def _default(field: Field) -> bool:
    said = field.default
    if not said or field.type == "text":
        return True
    if field.type in ("day", "moment"):
        return bool(_DAY.fullmatch(said))
    known = {"code": lambda: field_values.choices(field), "yes_no": lambda: ["yes", "no"]}
    if field.type in known:
        return said in known[field.type]()
    return field.type in ("count", "money") and said.isascii() and said.isdecimal()


_CHECKS: tuple[tuple[str, str | Callable[[Field], str], Callable[[Field], bool]], ...] = (
    ("field", "a-z 0-9 _", lambda field: bool(_NAME.fullmatch(field.name))),
    ("type", " ".join(fields.TYPES), lambda field: not field.type or field.type in fields.TYPES),
    ("of", _say_of, lambda field: not field.type or _of(field)),
    ("limit", _say_limit, lambda field: not field.type or _limit(field)),
    ("keep", _say_keep, _keep),
    ("default", "today+7 due+7 hold+30 · yes no · 0 1 2", _default),
)
