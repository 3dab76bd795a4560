"""The `place` commands: a place's map from its tree and its plan."""

from pathlib import Path
from typing import Annotated

import typer

from ui.terminal.sentences import _, plainly

drawings = typer.Typer(help="The packs under data/places.", no_args_is_help=True)
Folder = Annotated[Path | None, typer.Option("--folder", help="Where the packs lie; data/places.")]


@drawings.callback()
def places() -> None:
    """The packs under data/places."""


@drawings.command()
@plainly
def draw(
    slug: Annotated[str, typer.Argument(help="The place, by the name of its folder.")], folder: Folder = None
) -> None:
    """Draw a place's map from its areas.csv and plan.toml: writes areas.geojson and base.geojson."""
    from services.places.drawing import drawing
    from services.places.place_packs import PLACES

    drawn = drawing.draw(slug, folder or PLACES)
    typer.echo(_("The map of {slug} is drawn: {count} areas.", slug=slug, count=len(drawn)))
