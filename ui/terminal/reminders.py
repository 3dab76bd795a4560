"""The `remind` command."""

import json
from typing import Annotated

import typer

from ui.terminal.sentences import _, database, operator, plainly


@plainly
def remind(
    unit: Annotated[str, typer.Option(help="Code of one unit, or desk. Without one: every unit that owes.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for another program.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look; note nothing in the audit.")] = False,
) -> None:
    """Print what each unit owes: overdue, due soon, held too long, not signed in. Notes that they were reminded."""
    import os

    from services.lines import reminder_text, reminders
    from services.rights.permissions import Actor

    actor = Actor(None, operator(), "secretary")
    with database(writing=not dry_run) as session:
        codes = [unit] if unit else [one.code for one in reminders.owing(session, actor, "")]
        take = reminders.sheet if dry_run else reminders.issue
        sheets = [take(session, actor, "", code) for code in codes]
    if as_json:
        typer.echo(json.dumps([reminder_text.facts(one) for one in sheets], ensure_ascii=False, indent=1))
        return
    language = os.environ.get("MULIN_LANGUAGE", "en")
    for one in sheets:
        typer.echo(reminder_text.text(one, language) + "\n")
    if not sheets:
        typer.echo(_("No unit owes anything."))
