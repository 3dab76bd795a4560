"""Both catalogues hold every sentence of the program, with the same placeholders."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from services.system.settings import ROOT
from services.words.vocabulary import LANGUAGES


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` finds, by its own recipe."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"pybabel -q (extract .*?) -o \S+ (.*)", recipe)
    assert found
    output: Path = tmp_path_factory.mktemp("messages") / "all.pot"
    command = [str(ROOT / ".venv/bin/pybabel"), "-q", *found[1].split(), "-o", str(output), *found[2].split()]
    subprocess.run(command, cwd=ROOT, check=True)
    with output.open("rb") as file:
        return read_po(file)


def catalogue(language: str) -> Catalog:
    with (ROOT / "locales" / language / "LC_MESSAGES" / "mulin.po").open("rb") as file:
        return read_po(file, locale=language)


def test_no_sentence_stands_inside_another_text() -> None:
    """What is said inside an f-string is not found by `make messages`, and stays English."""
    files = [path for room in ("ui", "pages", "services") for path in (ROOT / room).rglob("*.py")]
    hidden = [f"{path.relative_to(ROOT)}: {said}" for path in files for said in _inside(path)]
    assert not hidden, f"Say these before the text they stand in: {hidden}"


def _inside(path: Path) -> list[str]:
    texts = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.JoinedStr)]
    calls = [node for text in texts for node in ast.walk(text) if isinstance(node, ast.Call) and node.args]
    named = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id in ("_", "listed")]
    return [str(first.value) for node in named if isinstance(first := node.args[0], ast.Constant)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(sentences: Catalog, language: str) -> None:
    known = catalogue(language)
    missing = [m.id for m in sentences if m.id and not (known.get(m.id) and known[m.id].string)]
    assert not missing, f"Run make messages, then translate in locales/{language}: {missing}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    fields = re.compile(r"{(\w*)}")
    for message in catalogue(language):
        if message.id:
            assert set(fields.findall(str(message.id))) == set(fields.findall(str(message.string))), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_kept_that_nobody_says(sentences: Catalog, language: str) -> None:
    unsaid = [m.id for m in catalogue(language) if m.id and m.id not in sentences]
    assert not unsaid, f"Run make messages: {unsaid}"
