"""The `place` commands: a new pack, checked and loaded; and its map, from its tree and its plan."""

from pathlib import Path
from typing import Annotated

import typer

from ui.terminal.sentences import _, begin, database, operator, plainly

drawings = typer.Typer(help="Places as folders of data: begin one, draw it, check it, load it.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where the packs lie; places/ of MULIN_LOCAL_FOLDER, or data/places.")
]
Slug = Annotated[str, typer.Argument(help="The place, by the name of its folder.")]


@drawings.callback()
def places() -> None:
    """Places as folders of data: begin one, draw it, check it, load it."""


@drawings.command()
@plainly
def new(
    slug: Annotated[str, typer.Argument(help="The name of its folder: small letters and digits.")],
    name: Annotated[str, typer.Option(help="What the place is called.")] = "",
    root: Annotated[str, typer.Option(help="The code of its root area.")] = "",
    level: Annotated[str, typer.Option(help="The level of its root: city, district, street, community.")] = "community",
    folder: Folder = None,
) -> None:
    """Write an empty pack with remarks and examples, to be filled in as docs/add-a-place.md says."""
    from services.places import new_pack

    path = new_pack.write(slug, name, root, level, folder)
    typer.echo(_("The pack is written: {path}", path=path))
    typer.echo(_("Fill in name and root in place.toml, then run: python manage.py place check {slug}", slug=slug))


@drawings.command()
@plainly
def check(slug: Slug, folder: Folder = None) -> None:
    """Read a pack as loading would, and say what is wrong in it first. Changes nothing."""
    import services.registry  # noqa: F401  (the flows that a playbook may name)
    from services.figures import pack_check

    found = pack_check.check(slug, folder)
    typer.echo(
        _(
            "{name} can be loaded: {areas} areas ({drawn} drawn), {organisations} organisations, {forums} forums,"
            " {venues} venues, {offices} offices, {cards} cards, {figures} figures.",
            name=found.pack.name,
            areas=found.areas,
            drawn=found.drawn,
            organisations=found.organisations,
            forums=found.forums,
            venues=found.venues,
            offices=found.offices,
            cards=found.cards,
            figures=found.figures,
        )
    )


@drawings.command()
@plainly
def load(slug: Slug) -> None:
    """Load a pack into the database, without sample records. Safe to repeat: what is loaded stays as it is."""
    from models.area import Area
    from services.places import places as packs
    from services.rights import audit

    begin(leave_empty=True)
    with database(writing=True) as session:
        fresh = not packs.is_loaded(session, slug)
        place = packs.load_place(session, slug)
        if fresh:
            root = session.get_one(Area, place.area_id)
            audit.write(session, operator(), "place.create", slug, area=root.path)
    typer.echo(_("{name} is loaded.", name=place.name) if fresh else _("{name} was loaded before.", name=place.name))


@drawings.command()
@plainly
def draw(slug: Slug, folder: Folder = None) -> None:
    """Draw a place's map from its areas.csv and plan.toml: writes areas.geojson and base.geojson."""
    from services.places.drawing import drawing

    drawn = drawing.draw(slug, folder)
    typer.echo(_("The map of {slug} is drawn: {count} areas.", slug=slug, count=len(drawn)))
