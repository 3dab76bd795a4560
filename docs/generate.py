"""Write the reference pages of docs/ from the code and the data, so that they can't lag behind: ``make docs``."""

import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint
from sqlmodel import SQLModel

import models  # noqa: F401  (makes every table known)
from docs.flow_page import flow_page
from docs.markdown import Undocumented, both, grants, page, said_of, table, who, words
from services.engine import flows
from services.figures import indicators
from services.matters import case_conditions
from services.rules import rules
from services.system.data_files import rows
from services.words import vocabulary
from services.words.i18n import translate

FOLDER = Path(__file__).parent
_MARKS = {"V": "read at its source", "S": "known second hand", "M": "not proved, so it only advises"}


def data() -> str:
    """Every table with its columns."""
    mapped = {str(mapper.local_table): mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    known = [SQLModel.metadata.tables[name] for name in sorted(SQLModel.metadata.tables)]
    intro = (
        f"{len(known)} tables, as `models/` declares them. Times are kept in UTC. A text has at most the length in"
        " brackets. The full-text index `matter_text` is made by `migrations/text_index.py` and is no model."
    )
    return page("Tables", intro, *(_table(one, mapped[one.name]) for one in known))


def _table(one: Table, model: type) -> str:
    said_of(model, f"The table {one.name} ({model.__module__}.{model.__name__})")
    module = sys.modules[model.__module__]
    about = said_of(module, f"The module {model.__module__}")
    head = f"## {one.name}\n\n{said_of(model, one.name)}\n\n*{about}* `{model.__module__.replace('.', '/')}.py`"
    lines = ((f"`{column.name}`", _type(column), _keys(column)) for column in one.columns)
    return "\n\n".join(filter(None, (head, table(("column", "type", "keys"), lines), _constraints(one))))


def _type(column: Column[object]) -> str:
    name = {"AutoString": "text", "UTCDateTime": "time", "Float": "number"}.get(type(column.type).__name__)
    length = getattr(column.type, "length", None)
    told = (name or type(column.type).__name__.lower()) + (f" ({length})" if length else "")
    return told if column.primary_key or not column.nullable else f"{told}, may be empty"


def _keys(column: Column[object]) -> str:
    alone = [c for c in column.table.constraints if isinstance(c, UniqueConstraint) and list(c.columns) == [column]]
    told = (
        "primary key" if column.primary_key else "",
        *(f"→ `{key.target_fullname}`" for key in column.foreign_keys),
        "unique" if alone or column.unique else "",
        "indexed" if column.index else "",
    )
    return ", ".join(filter(None, told))


def _constraints(one: Table) -> str:
    checks = sorted(str(c.sqltext) for c in one.constraints if isinstance(c, CheckConstraint))
    pairs = sorted(
        ", ".join(column.name for column in c.columns)
        for c in one.constraints
        if isinstance(c, UniqueConstraint) and len(c.columns) > 1
    )
    told = [f"Together unique: {pair}." for pair in pairs] + [f"Checked: `{check}`." for check in checks]
    return "\n".join(f"* {line}" for line in told + _indexes(one))


def _indexes(one: Table) -> list[str]:
    wide = sorted((index for index in one.indexes if len(index.columns) > 1), key=lambda index: str(index.name))
    only = {True: " (unique)", False: ""}
    return [f"Indexed{only[bool(i.unique)]}: {', '.join(column.name for column in i.columns)}." for i in wide]


def permission_page() -> str:
    """Who may do what."""
    roles = vocabulary.codes("role")
    intro = (
        "From `data/permissions.csv` and the `rights.csv` of each flow. Everything is within the account's own area and"
        " what lies below it. There, `area`: all; `public`: what has been made public; `unit`: what the account's"
        " organisation, or one below it, is responsible for or a party to; `own`: what the account raised. Several"
        " words may stand side by side. Empty: not at all. Services ask this table, always with what the right is"
        " asked of; the menu only mirrors it. The acts of `data/global_acts.csv` and the pages are about no row."
    )
    lines = ((f"`{act}`", _act(act), *(row[role] for role in roles)) for act, row in grants().items())
    return page("Permissions", intro, table(("act", "", *(both("role", role) for role in roles)), lines))


def _act(act: str) -> str:
    flow, _, action = act.partition(".")
    told = both(f"action.{flow}", action)
    return "" if told == f"{action} {action}" else told


def rule_page() -> str:
    """The rulebook with its citations."""
    marks = "; ".join(f"**{mark}** {meaning}" for mark, meaning in _MARKS.items())
    intro = (
        f"From `data/rules.csv`. Evidence marks: {marks}. Only a V row with a national scope may be called a national"
        " norm. The scope `local` is a preset of the product, to be changed where a place decides otherwise."
    )
    heads = ("rule", "set", "zh", "en", "value", "source", "scope", "mark", "in force")
    lines = (
        (
            f"`{rule.code}`",
            rule.ruleset,
            rule.zh,
            rule.en,
            " ".join(filter(None, (rule.unit if rule.unit in ("over", "least") else "", f"{rule.value:g}")))
            + (f" {rule.unit}" if rule.unit not in ("over", "least", "") else ""),
            " ".join(filter(None, (rule.source, rule.source_date))),
            rule.scope,
            rule.mark,
            f"{rule.valid_from} – {rule.valid_to or ''}".rstrip(),
        )
        for rule in rules.rulebook()
    )
    return page("Rules", intro, table(heads, lines))


def indicator_page() -> str:
    """Every figure with its definition."""
    intro = (
        "From `data/indicators.csv`. A figure counts the matters of its flow for which one of its words holds; what no"
        " words can say is a function of the same name under `services/figures`. A figure without cases is shown as no"
        " cases, never as 100 %."
    )
    return page("Indicators", intro, *map(_indicator, indicators.definitions().values()))


def _indicator(one: indicators.Definition) -> str:
    lines = [f"## {both('indicator', one.code)} `{one.code}`", ""]
    for language in ("zh", "en"):
        share = (one.text("numerator", language), one.text("denominator", language))
        lines.append(f"* {one.text('definition', language)} — {' / '.join(filter(None, share))}")
    lines.append(_counting(one.code))
    better = {"up": "more is better", "down": "less is better"}.get(one.better, "neither more nor less is better")
    return "\n".join([*lines, f"* Unit {one.unit}; {better}. Source: {one.source} ({one.mark})."])


def _counting(code: str) -> str:
    own = case_conditions.cases()[code]
    flow = "any flow" if own.flow == "*" else f"the flow `{own.flow}`"
    parts = (" or ".join(f"`{word}`" for word in part) for part in (own.numerator, own.denominator) if part)
    return f"* Counts matters of {flow}: {' / '.join(parts)}." if own.words else f"* Counts matters of {flow}."


def menu_page() -> str:
    """Every page with its address and who may open it."""
    from ui.frame.menu import ENTRIES, SECTIONS  # Streamlit takes a second to import: only this page pays for it

    intro = "From `ui/frame/menu.py`. A page out of the menu is reached by links. Each page asks for its act again."
    lines = (
        (
            f"`/{entry.name}`",
            translate("zh_CN", entry.title),
            entry.title,
            f"{translate('zh_CN', SECTIONS[entry.section])} {SECTIONS[entry.section]}",
            "yes" if entry.visible else "by links",
            f"`pages/{entry.section}/{entry.name}.py`",
            ", ".join(who(f"page.{entry.name}")),
        )
        for entry in ENTRIES
    )
    return page("Pages", intro, table(("address", "zh", "en", "section", "in the menu", "script", "who may"), lines))


def glossary() -> str:
    """The officials' terms in both languages."""
    intro = "The first table is written by hand in `docs/glossary.csv`; the others are the words of the data."
    own = ((row["zh"], row["en"], row["meaning"]) for row in rows("glossary.csv", FOLDER))
    used = dict.fromkeys(row["kind"] for row in rows("terms.csv"))
    moves = [f"{kind}.{flow}" for flow in flows.flows() for kind in ("state", "action")]
    counted = len(rows("categories.csv"))
    files = f"Categories of issues: {counted}, in `data/categories.csv`."
    listed = (_terms(kind) for kind in dict.fromkeys(("role", "flow", *moves, "indicator", *used)))
    return page("Glossary", intro, table(("zh", "en", "meaning"), own), *listed, files)


def _terms(kind: str) -> str:
    lines = ((f"`{of}`", *words(kind, of)) for of in dict.fromkeys(vocabulary.codes(kind)))
    return f"## {kind}\n\n{table(('code', 'zh', 'en'), lines)}"


FILES: dict[str, Callable[[], str]] = {
    "data.md": data,
    "flows.md": flow_page,
    "permissions.md": permission_page,
    "rules.md": rule_page,
    "indicators.md": indicator_page,
    "pages.md": menu_page,
    "glossary.md": glossary,
}


def main() -> int:
    """Write every file; 1, with a sentence, when something is not documented."""
    try:
        written = {name: make() for name, make in FILES.items()}
    except Undocumented as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
