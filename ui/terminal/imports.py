"""The `import` commands: bring in a file of another office, list what was brought in, take it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.terminal.import_report import show, show_mapping, show_words
from ui.terminal.sentences import _, bar, begin, confirm, database, operator, plainly

if TYPE_CHECKING:
    from services.importing.job.reports import Report
    from services.importing.mapping.mapping import Mapping
    from services.importing.source.source import Source
    from services.rights.permissions import Actor

imports = typer.Typer(
    help="Bring in files of other offices, list what was brought in, take it back.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="CSV, Excel, GeoJSON, a zipped Shapefile or KML.")]
MappingName = Annotated[str, typer.Option("--mapping", help="A saved or shipped mapping. Without one it is guessed.")]
PlaceSlug = Annotated[str, typer.Option("--place", help="The place the file is about, by its short name.")]
Datum = Annotated[str, typer.Option(help="The datum of its coordinates: wgs84, cgcs2000, gcj02 or bd09.")]
Layer = Annotated[int, typer.Option(min=1, help="Which sheet of a workbook, or layer of a map.")]
GoodOnly = Annotated[bool, typer.Option("--good-rows-only", help="Leave out the rows that can't be imported.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check and count only; write nothing.")]
Errors = Annotated[Path | None, typer.Option(help="Write the refused rows, with what to do, to this Excel file.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
NewPlace = Annotated[str, typer.Option("--new-place", help="Make the place, under this name, with the import.")]
Level = Annotated[str, typer.Option(help="The level of the new place: city, district, street, community …")]
Prefix = Annotated[str, typer.Option(help="What the numbers of the new place begin with, such as CL.")]


def _command(kind: str, told: str) -> None:
    @imports.command(kind, help=told)
    @plainly
    def run(
        file: File,
        mapping: MappingName = "",
        place: PlaceSlug = "",
        datum: Datum = "",
        layer: Layer = 1,
        good_rows_only: GoodOnly = False,
        dry_run: DryRun = False,
        yes: Yes = False,
        errors: Errors = None,
        new_place: NewPlace = "",
        level: Level = "community",
        prefix: Prefix = "",
    ) -> None:
        ground = {"name": new_place, "prefix": prefix, "level": level} if new_place else None
        with _opened(file) as source:
            meant = _mapping(source, layer - 1, kind, mapping, place, datum, ground)
            report = _previewed(source, layer - 1, meant)
            if errors:
                _write_errors(errors, report)
            if not dry_run and (report.new or report.changed) and (good_rows_only or not report.refused):
                confirm(yes, _("Write {new} new and {changed} changed rows?", new=report.new, changed=report.changed))
                _run(source, layer - 1, meant, good_rows_only)
        if report.refused and not good_rows_only:
            typer.echo(_("Nothing was written. Correct the rows above and import the file again."), err=True)
            raise typer.Exit(1)


_TOLD = {
    "matters": "Import a ledger of matters: all rows, or none and what to correct. Importing it again changes nothing.",
    "areas": "Import the areas of a place, with or without their boundaries.",
    "organisations": "Import organisations: party organisations, units, property companies.",
    "venues": "Import venues.",
    "offices": "Import offices: posts, not persons.",
    "forums": "Import forums and the rules they deliberate by.",
}
for _kind, _said in _TOLD.items():
    _command(_kind, _said)


def _opened(file: Path) -> "Source":
    from services.importing.source.source import open_source

    with bar() as progress:
        return open_source(file, progress=progress)


def _actor() -> "Actor":
    from services.rights.permissions import Actor

    return Actor(None, operator(), "admin")


def _mapping(
    source: "Source", layer: int, kind: str, name: str, place: str, datum: str, ground: dict[str, str] | None
) -> "Mapping":
    """The mapping named, or a guess with every suggestion taken, shown before anything happens."""
    from services.importing.guess import column_guesses, saved_mappings, unknown_words
    from services.importing.mapping import mapping
    from services.importing.target import import_places, new_places
    from services.system.errors import Refused

    if layer >= len(source.layers):
        raise Refused("The file has {count} sheets. Choose one of them.", count=len(source.layers))
    with database() as session:
        known = import_places.by_slug(session, place) if place else None
        told = saved_mappings.load(session, name) if name else column_guesses.guess(session, source, layer, kind, known)
        if told.kind != kind:
            raise Refused("The mapping {name} is for {kind}.", name=name, kind=told.kind)
        content = told.model_dump()
        if ground:
            # A new place has a name of its own: what is loaded already must not take its rows.
            slug, made = new_places.ground(session, ground["name"], ground["level"], ground["prefix"])
            place, content["ground"] = place or slug, {**made.model_dump(), "lng": None, "lat": None}
        content["place"] = place or told.place or import_places.only(session)
        content["options"]["datum"] = datum or told.options.datum
        told = mapping.read(content)
        if not name:
            told.options.ledger = column_guesses.ledger(told)
            show_mapping(told)
            found = unknown_words.unknown_words(session, source, layer, told)
            show_words(kind, found)
            told = unknown_words.settled(told, found)
    return told


def _previewed(source: "Source", layer: int, told: "Mapping") -> "Report":
    from services.importing.batch import batches

    with database() as session, bar() as progress:
        report = batches.preview(session, _actor(), source, layer, told, progress)
    show(report)
    return report


def _run(source: "Source", layer: int, told: "Mapping", good_rows_only: bool) -> None:
    from services.importing.batch import batches

    begin()
    with bar() as progress:
        report = batches.run(_actor(), source, layer, told, good_rows_only=good_rows_only, progress=progress)
    if report.written:
        typer.echo(
            _(
                "Written as import {number}. To take it back: python manage.py import undo {number}",
                number=report.batch_id,
            )
        )


def _write_errors(path: Path, report: "Report") -> None:
    import os

    from services.importing.batch.error_workbook import errors_workbook

    if report.errors:
        path.write_bytes(errors_workbook(report, os.environ.get("MULIN_LANGUAGE", "en")))
        typer.echo(_("The refused rows are in {path}.", path=path))


@imports.command("undo")
@plainly
def undo(
    number: Annotated[int, typer.Argument(help="The number of the import; see `import list`.")],
    keep_touched: Annotated[
        bool, typer.Option("--keep-touched", help="Leave what was worked on since, take back the rest.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Take back a whole import: what it made goes, what it changed gets its words back."""
    from services.importing.batch.batches import undo as take_back

    confirm(yes, _("Take back import {number}?", number=number))
    with database(writing=True) as session, bar() as progress:
        report = take_back(session, _actor(), number, progress, keep_touched=keep_touched)
    typer.echo(
        _(
            "Taken back: {removed} rows removed, {restored} put back as they were, {kept} kept.",
            removed=report.new,
            restored=report.changed,
            kept=report.kept,
        )
    )


@imports.command("list")
@plainly
def listing() -> None:
    """List the newest imports: number, time, kind, place, file, rows new and changed, who, undone or not."""
    from services.importing.batch.batches import history
    from services.system import clock

    with database() as session:
        for batch, place in history(session, _actor()):
            at = clock.local(batch.at).strftime("%Y-%m-%d %H:%M")
            undone = _("undone by {name}", name=batch.undone_by) if batch.undone_at else ""
            counts = f"+{batch.new} ~{batch.changed}"
            typer.echo("\t".join((str(batch.id), at, batch.kind, place, batch.file, counts, batch.actor, undone)))
