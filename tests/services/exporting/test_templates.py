"""Templates: what they offer, and that the import reads them back without the example."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import Session

from models.place import Place
from services.exporting import import_templates
from services.importing.guess.column_guesses import guess
from services.importing.mapping.kinds import KINDS, fields
from services.importing.source.source import open_source
from services.rights.permissions import Actor
from services.system import data_files
from services.system.errors import NotFound, Refused

Actors = Callable[[str], Actor]


def made(session: Session, actor: Actor, kind: str, path: Path, slug: str = "chilinglu") -> Any:
    import_templates.write(session, actor, kind, slug, path)
    return openpyxl.load_workbook(path)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_names_the_fields_and_marks_what_is_needed(
    session: Session, actor: Actors, tmp_path: Path, kind: str, language: str
) -> None:
    staff = actor("staff")
    book = made(session, Actor(None, "x", "staff", staff.area_path, staff.area_id, language), kind, tmp_path / "t.xlsx")
    form, notes = book.worksheets[:2]
    labels = {field.label(language): field for field in fields(kind).values()}
    told = list(form[1])[1:]
    assert {cell.value for cell in told} <= set(labels)
    red = {cell.value for cell in told if cell.fill.fgColor.rgb == "FFA61E22"}
    assert red == {label for label, field in labels.items() if field.required}
    assert [row[0].value for row in notes.iter_rows(min_row=2, max_row=len(told) + 1)] == [c.value for c in told]
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert form.freeze_panes == "B2"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("kind", KINDS)
def test_the_import_knows_every_column_and_leaves_the_example_out(
    session: Session, actor: Actors, place: Place, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "t.xlsx"
    book = made(session, actor("staff"), kind, path)
    form = book.worksheets[0]
    own = [cell.value for cell in form[2]][1:]
    for at, value in enumerate(own, 2):
        form.cell(3, at, value)
    book.save(path)
    with open_source(path) as source:
        [row] = source.rows(0)
        assert row.line == 3
        told = guess(session, source, 0, kind, place)
        shown = {row["field"] for row in data_files.rows("imports/examples.csv") if row["kind"] == kind}
        missing = {name for name in shown if fields(kind)[name].label("zh_CN") in source.layers[0].columns}
        assert missing <= set(told.columns)


@pytest.mark.usefixtures("place")
def test_a_choice_narrows_the_next_column(session: Session, actor: Actors, tmp_path: Path) -> None:
    book = made(session, actor("staff"), "matters", tmp_path / "t.xlsx")
    form = book.worksheets[0]
    at = {cell.value: cell.column_letter for cell in form[1]}
    offered = {str(one.sqref).split(":")[0][:-1]: one.formula1 for one in form.data_validations.dataValidation}
    assert "街道" not in at
    estate = offered[at["小区"]]
    assert estate.startswith(f'IF(${at["网格"]}2="",list_')
    assert "INDIRECT" in estate
    named = {name: told.value for name, told in book.defined_names.items()}
    words = book.worksheets[-1]
    assert words.sheet_state == "hidden"
    first = named[next(name for name in named if name.endswith("_1") and name.startswith("below_1"))]
    column, last = first.split("$")[1], int(first.rsplit("$", 1)[1])
    assert {words[f"{column}{row}"].value for row in range(1, last + 1)} < {
        cell.value for cell in words[named[estate.split(",")[1]].split("$")[1]]
    }


def test_without_a_place_a_template_offers_only_the_programs_words(
    session: Session, actor: Actors, place: Place, tmp_path: Path
) -> None:
    book = made(session, actor("admin"), "areas", tmp_path / "t.xlsx", "")
    assert place.name not in {cell.value for sheet in book for row in sheet for cell in row}
    assert [one.formula1 for one in book.worksheets[0].data_validations.dataValidation] == ["list_1", "list_2"]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("role", "kind", "slug", "refused"),
    [
        ("staff", "people", "chilinglu", NotFound),
        ("staff", "matters", "nowhere", NotFound),
        ("viewer", "matters", "chilinglu", Refused),
        ("grid_worker", "matters", "", Refused),
    ],
)
def test_who_may_not_import_gets_no_template(
    session: Session, actor: Actors, tmp_path: Path, role: str, kind: str, slug: str, refused: type[Refused]
) -> None:
    with pytest.raises(refused):
        import_templates.write(session, actor(role), kind, slug, tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_every_example_is_of_a_field() -> None:
    for row in data_files.rows("imports/examples.csv"):
        assert row["field"] in fields(row["kind"]), row
    needed = {(kind, field.code) for kind in KINDS for field in fields(kind).values() if field.required}
    assert needed <= {(row["kind"], row["field"]) for row in data_files.rows("imports/examples.csv")}
