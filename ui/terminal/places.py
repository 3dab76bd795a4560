"""The places on the command line: loaded with their sample records, and what they have published recounted."""

import os
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.terminal.sentences import _, bar, begin, database, plainly

if TYPE_CHECKING:
    from models.place import Place
    from services.demo.loading import DemoCounts
    from services.people.demo_identities import DemoIdentity, DemoPlace

_Demo = Annotated[str, typer.Option("--place", help="Only this place, by the name of its folder under data/places.")]


@plainly
def demo(
    place: _Demo = "",
    scale: Annotated[int, typer.Option(min=1, help="How many times the usual amount of sample records.")] = 1,
) -> None:
    """Load the places with generated sample records and demo identities. Safe to repeat; refused in production.

    Each place is written as a whole or not at all: what is missing after an interruption is loaded by the next call.
    """
    from services.demo.pack import offered

    begin()
    slugs = [place] if place else offered()
    for at, slug in enumerate(slugs, 1):
        started = monotonic()
        loaded, counts = _load(slug, scale)
        typer.echo(f"{at}/{len(slugs)} {_said(loaded, counts, monotonic() - started)}")
    typer.echo(_("Start the program with: python manage.py serve"))


def _load(slug: str, scale: int) -> tuple["Place", "DemoCounts"]:
    """Load one place and whatever is missing of its identities."""
    from models.area import Area
    from services.demo.loading import load_demo
    from services.people import accounts
    from services.places import places

    with database(), bar() as progress:
        counts = load_demo(slug, scale, progress)
    with database(writing=True) as session:
        loaded = places.loaded(session, slug)
        accounts.ensure_demo_identities(session, session.get_one(Area, loaded.area_id), slug)
    return loaded, counts


def _said(place: "Place", counts: "DemoCounts", seconds: float) -> str:
    told: dict[str, Any] = {"name": place.name, "count": f"{counts.matters:,}"}
    if not counts.fresh:
        return _("{name}: here already, {count} matters.", **told)
    return _("{name}: {count} matters, loaded in {seconds} s.", **told, seconds=f"{seconds:.1f}")


def desks(groups: "list[DemoPlace]") -> list[str]:
    """Whose desk can be opened without a password: a line for each place, and one for who sees them all."""
    everywhere = _("All places")
    lines = [f"  {group.name or everywhere}: {', '.join(map(_desk, group.identities))}" for group in groups]
    return [_("To look around, choose on the sign-in page:"), *lines] if lines else []


def _desk(one: "DemoIdentity") -> str:
    from services.words.vocabulary import term

    role = term("role", one.role, os.environ.get("MULIN_LANGUAGE", "en"))
    return f"{role} ({one.area})" if one.part else role
