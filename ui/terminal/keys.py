"""Keys on a terminal: a new one is made, and the one of a database is changed."""

import os
import sys
from typing import Annotated

import typer

from ui.terminal.sentences import _, bar, confirm, operator, plainly

keys = typer.Typer(help="The key that every chain is sealed with.", no_args_is_help=True)


@keys.command()
@plainly
def new() -> None:
    """Print a new random key. Keep it where the backups are not."""
    import secrets

    typer.echo(secrets.token_hex(32))


@keys.command()
@plainly
def rotate(
    stdin: Annotated[
        bool, typer.Option("--new-key-stdin", help="Read the new key from the standard input, not MULIN_NEW_KEY.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Seal every chain anew with the key in MULIN_NEW_KEY. Stop the program first, and make a backup."""
    from services.keep import key_rotation
    from services.system.errors import Refused

    told = sys.stdin.readline().strip() if stdin else os.environ.get("MULIN_NEW_KEY", "").strip()
    if not told:
        raise Refused("Put the new key into MULIN_NEW_KEY. Make one with: python manage.py key new")
    confirm(yes, _("Seal every record anew? Backups of before still need the present key: keep it."))
    with bar() as progress:
        key_rotation.rotate(told, operator(), progress)
    typer.echo(
        _("Every record is sealed with the new key, and verified. Set MULIN_KEY to it before anything else runs.")
    )
