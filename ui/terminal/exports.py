"""The `export` commands, and the way back: `import all`."""

from pathlib import Path
from typing import Annotated

import typer

from ui.terminal.sentences import _, bar, begin, database, operator, plainly

exports = typer.Typer(help="Take everything out, for another database or another program.", no_args_is_help=True)

Slug = Annotated[str, typer.Option("--place", help="Only this place, by its short name; without it: everything.")]


@exports.command("all")
@plainly
def export_all(
    file: Annotated[Path, typer.Argument(help="The archive to write: a .zip file.")],
    place: Slug = "",
    with_accounts: Annotated[
        bool, typer.Option("--with-accounts", help="With the accounts' password hashes. Guard such a file.")
    ] = False,
) -> None:
    """Write all records into one sealed archive that `import all` reads. People can go on working."""
    from services.exporting import dumping

    with bar() as progress:
        made = dumping.write(file, operator(), slug=place, passwords=with_accounts, progress=progress)
    typer.echo(_("The export is complete: {path} ({rows} rows).", path=file, rows=f"{made.rows():,}"))


@exports.command("place")
@plainly
def export_place(
    folder: Annotated[Path, typer.Argument(help="The folder to write the files into; it is made when it is missing.")],
    place: Annotated[str, typer.Option("--place", help="The place, by its short name.")],
    language: Annotated[str, typer.Option(help="The words to write: zh_CN or en.")] = "zh_CN",
) -> None:
    """Write a place's areas, outlines, organisations, venues, offices and forums as files that can be imported."""
    from services.exporting import place_files

    with database() as session:
        for made in place_files.write(session, folder, place, language):
            typer.echo(str(made))


@plainly
def import_all(
    file: Annotated[Path, typer.Argument(help="An archive that `export all` wrote.")],
    unsealed: Annotated[
        bool,
        typer.Option("--unsealed", help="Also when its seal does not fit MULIN_KEY; verify will say what differs."),
    ] = False,
) -> None:
    """Fill an empty database from an archive that `export all` wrote: all of it, or nothing."""
    from services.exporting import restoring

    with database(), bar() as progress:
        told = restoring.restore(file, unsealed=unsealed, progress=progress)
    typer.echo(_("{rows} rows were imported. Check them with: python manage.py verify", rows=f"{told.rows():,}"))
    begin()
