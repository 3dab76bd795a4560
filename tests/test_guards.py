"""The rules of the repository. A failure says what to do."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from services import categories, deadlines, fields, flows, permissions, rules, vocabulary, workflow, worktime
from services.datafiles import rows
from services.settings import ROOT

FOLDERS = ("maps", "models", "pages", "services", "ui", "migrations", "benchmarks", "tests")
HAN = re.compile(r"[\u3400-\u9fff]")
SOURCES = sorted([*ROOT.glob("*.py"), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))])
PROGRAM = [file for file in SOURCES if file.relative_to(ROOT).parts[0] not in ("tests", "benchmarks", "migrations")]
PAGES = sorted((ROOT / "pages").rglob("*.py"))


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(autouse=True, scope="module")
def armed() -> None:
    __import__("services.features")


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


@pytest.mark.parametrize("file", [file for file in SOURCES if file.parent.name != "versions"], ids=_name)
def test_a_file_can_be_taken_in_at_one_sitting(file: Path) -> None:
    limit = 120 if file in PAGES else 350 if file.is_relative_to(ROOT / "tests") else 250
    length = len(file.read_text(encoding="utf-8").splitlines())
    assert length <= limit, f"{_name(file)} has {length} lines. Split it by noun so that each part is under {limit}."


@pytest.mark.parametrize("file", PAGES, ids=_name)
def test_every_page_asks_for_its_permission(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    asked = re.findall(r"\brequire\(\s*\"(page\.\w+)\"", text)
    assert asked, f'{_name(file)} never asks. Begin it with: from ui.session import require; require("page.<name>")'
    unknown = [act for act in asked if act not in permissions.acts()]
    assert not unknown, f"{_name(file)} asks for {unknown}. Add the row to data/permissions.csv, or correct the name."


def test_there_is_no_catch_all_module() -> None:
    found = [_name(file) for file in PROGRAM if file.stem in ("utils", "util", "helpers", "common", "core", "misc")]
    assert not found, f"Name the noun instead: {found}"


def test_the_layers_point_one_way() -> None:
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("flow", flows.flows())
def test_a_flow_is_sound(flow: str) -> None:
    states = flows.states(flow)
    starts = [state.code for state in states.values() if state.kind == "start"]
    assert len(starts) == 1, f"{flow} begins in {starts}. Give exactly one state the kind start in flows/states.csv."
    known = {*flows.OPEN_KINDS, "done", "dropped"}
    odd = [state.code for state in states.values() if state.kind not in known]
    assert not odd, f"{flow}: the kind of {odd} is none of {sorted(known)}."
    assert any(not state.is_open for state in states.values()), f"{flow} never ends. Add a state of kind done."
    ends = {code for code, state in states.items() if not state.is_open}
    reached = _reach(flow, starts[0])
    assert set(states) <= reached, f"{flow}: nothing leads to {sorted(set(states) - reached)}. Add an arrow or drop it."
    stuck = [code for code in states if not ends & _reach(flow, code)]
    assert not stuck, f"{flow}: there is no way from {stuck} to an end. Add an arrow."


def _reach(flow: str, start: str) -> set[str]:
    reached, todo = {start}, [start]
    while todo:
        at = todo.pop()
        new = {arrow.arrives(at) for arrow in flows.leaving(flow, at)} - reached
        reached |= new
        todo += new
    return reached


@pytest.mark.parametrize("flow", flows.flows())
def test_the_arrows_of_a_flow_name_only_what_exists(flow: str) -> None:
    codes = {rule.code for rule in rules.rulebook()}
    for arrow in flows.arrows(flow):
        told = f"data/flows/arrows.csv, {flow} {arrow.action}"
        ends = [code for code in (*arrow.sources, arrow.target) if code not in flows.states(flow) and code not in "=<"]
        assert not ends, f"{told}: no state {ends}. Add it to states.csv or correct the name."
        wrong = set(arrow.needs) - fields.known()
        assert not wrong, f"{told}: nothing reads {wrong}. Add a reader to services/fields.py."
        wrong = set(arrow.guards) - workflow.guards()
        assert not wrong, f"{told}: no guard {wrong}. Add @workflow.guard to its function and import its module."
        counted = arrow.counts in ("", "dispatches", "returns", "reworks")
        assert counted, f"{told}: the matter has no count {arrow.counts}. Add it to models/matter.py."
        rule = arrow.deadline.removeprefix("rule:")
        if arrow.deadline.startswith("rule:"):
            assert rule in codes, f"{told}: no rule {rule}. Add it to data/rules.csv."
            continue
        fine = arrow.deadline in {"", *deadlines.sources()}
        assert fine, f"{told}: the deadline {arrow.deadline} is unknown. Use one of {sorted(deadlines.sources())}."


def test_every_flow_in_the_arrows_has_states() -> None:
    lost = {row["flow"] for row in rows("flows/arrows.csv")} - set(flows.flows())
    assert not lost, f"Add the states of {lost} to data/flows/states.csv."


def test_two_arrows_of_one_name_never_leave_the_same_state() -> None:
    pairs = [(row["flow"], row["action"], source) for row in rows("flows/arrows.csv") for source in row["from"].split()]
    twice = sorted({pair for pair in pairs if pairs.count(pair) > 1})
    assert not twice, f"The program could not tell these apart; rename one: {twice}"


def test_every_hook_hangs_on_an_arrow() -> None:
    arrows = {(arrow.flow, arrow.action) for flow in flows.flows() for arrow in flows.arrows(flow)}
    lost = workflow.hooked() - arrows
    assert not lost, f"These hooks never run: {sorted(lost)}. Add the arrow, or correct @workflow.on(...)."


def test_every_arrow_is_an_act_and_every_act_is_used() -> None:
    arrows = {arrow.act for flow in flows.flows() for arrow in flows.arrows(flow)}
    missing = arrows - permissions.acts()
    assert not missing, f"Nobody may do {sorted(missing)}. Add the rows to data/permissions.csv."
    code = "\n".join(file.read_text(encoding="utf-8") for file in PROGRAM)
    unused = [act for act in permissions.acts() - arrows if f'"{act}"' not in code]
    assert not unused, f"Nothing asks for {sorted(unused)}. Remove the rows from data/permissions.csv, or use them."


def test_somebody_may_do_every_act() -> None:
    roles = vocabulary.codes("role")
    nobody = [row["act"] for row in rows("permissions.csv") if not any(row[role] for role in roles)]
    assert not nobody, f"No role may do {nobody}. Give the act to a role in data/permissions.csv, or remove it."


@pytest.mark.parametrize(
    "name", ["terms.csv", "roles.csv", "categories.csv", "flows/states.csv", "flows/arrows.csv", "mappings/terms.csv"]
)
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
