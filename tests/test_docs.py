"""The documents say what the code says: generated pages are fresh, and nothing that they must name is left out."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import SQLModel

import manage
from docs import generate
from docs.markdown import NOTICE, Undocumented, said_of
from services.engine import flows
from services.rights.permissions import acts
from services.system import settings
from services.system.data_files import rows
from services.words import vocabulary
from ui.frame.menu import ENTRIES

ROOT = settings.ROOT
DOCS = ROOT / "docs"


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    yield " ".join(path), command
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


COMMANDS = dict(commands(typer.main.get_command(manage.app)))


@pytest.mark.parametrize("name", generate.FILES)
def test_a_generated_page_is_fresh(name: str) -> None:
    stored = (DOCS / name).read_text(encoding="utf-8")
    assert NOTICE in stored.partition("\n")[0]
    assert stored == generate.FILES[name](), f"docs/{name} is stale. Run: make docs"


def test_a_page_for_every_generated_file_only() -> None:
    marked = {path.name for path in DOCS.glob("*.md") if NOTICE in path.read_text(encoding="utf-8").partition("\n")[0]}
    assert marked == set(generate.FILES), "A generated page is left over or missing. Remove it, or run: make docs"


def test_every_table_is_documented() -> None:
    written = (DOCS / "data.md").read_text(encoding="utf-8")
    for name, table in SQLModel.metadata.tables.items():
        section = written.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section, f"docs/data.md lacks the table {name}. Run: make docs"
        missing = [column.name for column in table.columns if f"| `{column.name}` |" not in section]
        assert not missing, f"docs/data.md lacks {missing} of {name}. Run: make docs"


def test_every_flow_is_documented_with_its_states_and_arrows() -> None:
    written = (DOCS / "flows.md").read_text(encoding="utf-8")
    for flow in flows.flows():
        section = written.partition(f" `{flow}`\n")[2].partition("\n## ")[0]
        codes = [*flows.states(flow), *(arrow.action for arrow in flows.arrows(flow))]
        assert [code for code in codes if f"`{code}`" not in section] == [], f"The flow {flow}. Run: make docs"


def test_every_act_and_page_is_documented() -> None:
    permissions = (DOCS / "permissions.md").read_text(encoding="utf-8")
    pages = (DOCS / "pages.md").read_text(encoding="utf-8")
    assert [act for act in sorted(acts()) if f"| `{act}` |" not in permissions] == []
    assert [entry.name for entry in ENTRIES if f"| `/{entry.name}` |" not in pages] == []


def test_a_table_without_a_docstring_is_refused_with_what_to_do() -> None:
    class Bare:
        pass

    with pytest.raises(Undocumented, match=r"The table bare has no docstring\. Say in one sentence"):
        said_of(Bare, "The table bare")


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help(path: str) -> None:
    command = COMMANDS[path]
    assert command.help, f"manage.py {path} says nothing of itself. Give its function a docstring."
    bare = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)]
    assert bare == [], f"manage.py {path}: give {bare} a help text."


def test_every_command_is_in_the_reference() -> None:
    written = (DOCS / "commands.md").read_text(encoding="utf-8")
    missing = [path for path in COMMANDS if path and f"`python manage.py {path}`" not in written]
    assert missing == [], f"docs/commands.md lacks {missing}. Run: make docs"


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = {f"MULIN_{name.upper()}" for name in settings.Settings.model_fields}
    assert [name for name in sorted(names) if f"`{name}`" not in readme] == []
    told = set(re.findall(r"\| `(MULIN_\w+)` \|", readme))
    assert told <= names | {"MULIN_ADDRESS", "MULIN_LANGUAGE"}, "The README names a setting that does not exist."


def written_by_hand() -> list[Path]:
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *DOCS.glob("*.md"), *DOCS.glob("adr/*.md"), *DOCS.glob("deploy/*")]


@pytest.mark.parametrize("path", written_by_hand(), ids=lambda path: path.name)
def test_links_and_file_names_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if not link.startswith("http")]
    assert [link for link in links if not (path.parent / link).exists()] == []
    folders = "data|docs|maps|migrations|models|pages|services|tests|ui"
    named = re.findall(rf"`((?:{folders})/[\w./-]+\.(?:py|csv|toml|md|po|js|geojson))`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_carry_date_and_status() -> None:
    for path in sorted(DOCS.glob("adr/*.md")):
        lines = path.read_text(encoding="utf-8")
        assert re.search(r"^\*\*Status:\*\* \w+, \d{4}-\d{2}-\d{2}\.$", lines, re.MULTILINE), path.name
        for part in ("## Decision", "## Consequences"):
            assert part in lines, f"{path.name} lacks “{part}”."


def test_the_settings_that_are_given_a_reason_are_in_force() -> None:
    reasons = (DOCS / "adr" / "0004-one-process.md").read_text(encoding="utf-8")
    told = [name for row in re.findall(r"^\| (`.*?) \|", reasons, re.MULTILINE) for name in re.findall(r"`(\w+)", row)]
    sections = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")).values()
    known = {name for section in sections for name in section}
    assert told
    assert [name for name in told if name not in known] == []


def test_the_version_is_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_glossary_gives_each_term_once() -> None:
    own = rows("glossary.csv", generate.FOLDER)
    terms = [row["zh"] for row in own]
    assert len(terms) == len(set(terms))
    assert [row["zh"] for row in own if not (row["en"] and row["meaning"].endswith("."))] == []
    assert vocabulary.codes("role")


def test_how_large_an_upload_may_be_is_said_alike_everywhere() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    megabytes = config["server"]["maxUploadSize"]
    proxy = (DOCS / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert re.findall(r"client_max_body_size (\d+)m;", proxy) == [str(megabytes + 1)], "the form around it weighs too"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"A file larger than (\d+) MB", readme) == [str(megabytes)]
    decided = [text for path in (DOCS / "adr").glob("*.md") if "maxUploadSize" in (text := path.read_text("utf-8"))]
    assert decided and not [text for text in decided if re.search(r"maxUploadSize\W*\d", text)], (
        "it stands in one place"
    )


def test_every_setting_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in settings.Settings.model_fields if f"| `MULIN_{name.upper()}` |" not in readme]
    assert not missing, f"README.md lacks these settings: {missing}"
