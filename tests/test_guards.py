"""The rules of the repository. A failure says what to do."""

import ast
import re
import subprocess
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from services.engine import checks, flows, workflow
from services.rights import permissions
from services.rules import categories, rules, worktime
from services.system.data_files import rows
from services.system.settings import ROOT
from services.words import vocabulary
from tests import flow_names

FOLDERS = ("maps", "models", "pages", "services", "ui", "migrations", "benchmarks", "tests")
HAN = re.compile(r"[\u3400-\u9fff]")
SOURCES = sorted([*ROOT.glob("*.py"), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))])
PROGRAM = [file for file in SOURCES if file.relative_to(ROOT).parts[0] not in ("tests", "benchmarks", "migrations")]
PAGES = sorted((ROOT / "pages").rglob("*.py"))


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(autouse=True, scope="module")
def armed() -> None:
    __import__("services.registry")


@pytest.mark.parametrize("file", PROGRAM, ids=_name)
def test_no_chinese_in_the_code(file: Path) -> None:
    docstrings = _docstring_lines(file)
    found = [
        f"{_name(file)}:{number}: {line.strip()[:60]}"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if HAN.search(line) and number not in docstrings
    ]
    assert not found, "Move these words to data/ or locales/ (a docstring may name the official term):\n" + "\n".join(
        found
    )


def _docstring_lines(file: Path) -> set[int]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    lines: set[int] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, holders) and ast.get_docstring(node):
            first = node.body[0]
            lines |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def test_no_folder_is_a_list_of_a_hundred_names() -> None:
    folders = Counter(file.parent for file in SOURCES if not file.is_relative_to(ROOT / "migrations"))
    full = {_name(folder): modules for folder, modules in folders.items() if modules > 25}
    assert not full, f"These folders hold more than 25 modules; give the nouns in them rooms of their own: {full}"


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_every_page_asks_for_its_permission(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    asked = re.findall(r"\brequire\(\s*\"(page\.\w+)\"", text)
    assert asked, (
        f'{_name(file)} never asks. Begin it with: from ui.frame.session import require; require("page.<name>")'
    )
    unknown = [act for act in asked if act not in permissions.acts()]
    assert not unknown, f"{_name(file)} asks for {unknown}. Add the row to data/permissions.csv, or correct the name."


def test_an_empty_cell_of_a_table_is_a_dash() -> None:
    """Streamlit writes None into it, which is no word of an office."""
    files = [path for room in ("ui", "pages") for path in (ROOT / room).rglob("*.py")]
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    tables = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "dataframe"]
    assert tables and all("placeholder" in {word.arg for word in call.keywords} for call in tables)


def test_there_is_no_catch_all_module() -> None:
    found = [_name(file) for file in PROGRAM if file.stem in ("utils", "util", "helpers", "common", "core", "misc")]
    assert not found, f"Name the noun instead: {found}"


def test_the_layers_point_one_way() -> None:
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_flows_are_sound() -> None:
    wrong = [fault.message.format(file=fault.file, row=fault.row, **fault.params) for fault in checks.faults()]
    assert not wrong, "\n".join(wrong)


# Rooms that may name flows: each flow's own, and the sample records.
OWN_ROOMS = ("services/flows/*/*", "ui/flows/*/*", "services/demo/*")


@pytest.mark.parametrize("file", PROGRAM, ids=_name)
def test_no_code_names_a_flow_or_a_state(file: Path) -> None:
    if any(fnmatch(_name(file), pattern) for pattern in OWN_ROOMS):
        return
    named = [f"{_name(file)}:{line}: {word}" for line, word in flow_names.found(file, flow_names.Names.read())]
    assert not named, (
        "A flow is a folder of data: say it in its rows (docs/flow-folder.md), or in its own room:\n" + "\n".join(named)
    )


def test_ordinary_words_are_codes() -> None:
    names = flow_names.Names.read()
    assert set(flow_names.ORDINARY) <= names.flows | names.states, "This word is no code any more: take it out."


def test_every_hook_hangs_on_an_arrow() -> None:
    known = (arrow for flow in flows.flows() for arrow in (flows.birth(flow), *flows.arrows(flow)))
    arrows = {(arrow.flow, arrow.action) for arrow in known}
    lost = workflow.hooked() - arrows
    assert not lost, f"These hooks never run: {sorted(lost)}. Add the arrow, or correct @workflow.on(...)."


def test_every_arrow_is_an_act_and_every_act_is_used() -> None:
    arrows = {arrow.act for flow in flows.flows() for arrow in flows.arrows(flow)}
    missing = arrows - permissions.acts()
    assert not missing, f"Nobody may do {sorted(missing)}. Add the rows to data/permissions.csv."
    code = "\n".join(file.read_text(encoding="utf-8") for file in PROGRAM)
    births = {flows.birth(flow).act for flow in flows.flows()}
    unused = [act for act in permissions.acts() - arrows - births if not _asked(act, code)]
    assert not unused, f"Nothing asks for {sorted(unused)}. Remove the rows from data/permissions.csv, or use them."


def _asked(act: str, code: str) -> bool:
    """Named whole, or with the flow of whatever matter is at hand: ``f"{matter.flow}.record"``."""
    of_any_flow = "flow}." + act.partition(".")[2] + '"'
    return f'"{act}"' in code or of_any_flow in code


def test_every_right_is_asked_with_its_scope() -> None:
    bare = [told for file in PROGRAM for told in _asked_of_nothing(file)]
    assert not bare, (
        "Say of what the right is asked: of an area (a path), of a matter (services/rights/matter_rights.py); or, if it"
        f" is about no row of any area, name the act in data/global_acts.csv: {bare}"
    )


# Where in a call the act stands: behind whoever acts, or first.
_ASKING = {"permissions.may": 1, "permissions.require": 1, "session.require": 0}


def _asked_of_nothing(file: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    asking = _ASKING | dict.fromkeys(_imported(nodes) & {"may", "require"}, 1)
    calls = (node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) in asking)
    bare = (call for call in calls if len(call.args) + len(call.keywords) == asking[ast.unparse(call.func)] + 1)
    return [f"{_name(file)}:{call.lineno}" for call in bare if not _global(call.args[-1])]


def _imported(nodes: list[ast.AST]) -> set[str]:
    rights = (
        node for node in nodes if isinstance(node, ast.ImportFrom) and node.module == "services.rights.permissions"
    )
    return {alias.name for node in rights for alias in node.names}


def _global(act: ast.expr) -> bool:
    """Whether the act is written out and global; one that is put together while running begins with its kind."""
    first = act.values[0] if isinstance(act, ast.JoinedStr) else act
    return isinstance(first, ast.Constant) and permissions.is_global(str(first.value))


def test_somebody_may_do_every_act() -> None:
    roles = vocabulary.codes("role")
    nobody = [row["act"] for row in rows("permissions.csv") if not any(row[role] for role in roles)]
    assert not nobody, f"No role may do {nobody}. Give the act to a role in data/permissions.csv, or remove it."


@pytest.mark.parametrize("name", ["terms.csv", "roles.csv", "categories.csv", "mappings/terms.csv"])
def test_every_label_is_there_in_both_languages(name: str) -> None:
    empty = [row for row in rows(name) if not row["zh"] or not row["en"]]
    assert not empty, f"data/{name}: fill in zh and en of {empty[:3]}."
    english = [row["en"] for row in rows(name) if HAN.search(row["en"])]
    assert not english, f"data/{name}: these English labels are Chinese: {english[:3]}"


def test_categories_are_valid() -> None:
    seen = [row["code"] for row in rows("categories.csv") + rows("mappings/terms.csv")]
    assert len(seen) == len(set(seen)), "A category code stands there twice in data/categories.csv or mappings."
    for category in categories.categories().values():
        assert re.fullmatch(r"\d{5}", category.code), f"{category.code}: a category code has five digits."
        assert category.local == (category.code >= "90000"), f"{category.code}: local codes are 90000 and above."
        assert category.mark in ("V", "S", "M"), f"{category.code}: the evidence mark is V, S or M."


def test_every_category_has_a_limit_that_says_where_it_is_from() -> None:
    told = rows("deadlines.csv")
    own = {row["category"] for row in told if row["scope"] == "local" and not row["unit"]}
    missing = {"", *categories.categories()} - own
    assert not missing, f"Add a row with scope local to data/deadlines.csv for: {sorted(missing)}"
    for row in told:
        named = f"data/deadlines.csv, {row['category']} {row['scope']}"
        assert row["category"] in {"", *categories.categories()}, f"{named}: there is no such category."
        assert row["clock"] in worktime.CLOCKS and float(row["amount"]) > 0, f"{named}: give an amount of a clock."
        assert row["mark"] in ("V", "S", "M") and row["source"], f"{named}: give the source and its evidence mark."
    places = [(row["category"], row["unit"], row["scope"]) for row in told]
    assert len(places) == len(set(places)), "A limit stands there twice in data/deadlines.csv."


def test_rules_are_valid() -> None:
    codes = [rule.code for rule in rules.rulebook()]
    assert len(codes) == len(set(codes)), "A rule code stands there twice in data/rules.csv."
    for rule in rules.rulebook():
        assert rule.mark in ("V", "S", "M"), f"{rule.code}: the evidence mark is V, S or M."
        timed = rule.check not in ("deadline", "clock", "break", "notice", "publicity") or rule.unit in worktime.CLOCKS
        assert timed, f"{rule.code}: {rule.unit} is none of the clocks {worktime.CLOCKS}."
        assert rule.zh and rule.en and rule.source, f"{rule.code}: fill in zh, en and source in data/rules.csv."


@pytest.mark.parametrize("language", vocabulary.LANGUAGES)
def test_the_catalogue_keeps_every_placeholder(language: str) -> None:
    with (ROOT / "locales" / language / "LC_MESSAGES" / "mulin.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    lost = [
        message.id
        for message in catalogue
        if message.id and message.string and _holes(message.id) != _holes(message.string)
    ]
    assert not lost, f"locales/{language}: these translations lose or add a placeholder: {lost[:3]}"


def _holes(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(text)))


def test_every_audited_act_has_a_word() -> None:
    program = (file for file in SOURCES if not file.is_relative_to(ROOT / "tests"))
    calls = (node for file in program for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    acts = {
        str(call.args[2].value)
        for call in calls
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.write" and len(call.args) > 2
        if isinstance(call.args[2], ast.Constant)
    }
    missing = acts - set(vocabulary.codes("act"))
    assert acts and not missing, f"Add a row act,CODE to data/terms.csv for: {sorted(missing)}"
