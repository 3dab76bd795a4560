"""The command line: set up, load the demo, check, back up, manage accounts, import, serve."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.terminal.drawings import drawings
from ui.terminal.exports import exports, import_all
from ui.terminal.flows import flows
from ui.terminal.imports import imports
from ui.terminal.keys import keys
from ui.terminal.places import demo, desks
from ui.terminal.proofs import anchor, clock, reindex, verify
from ui.terminal.reminders import remind
from ui.terminal.sentences import _, bar, begin, confirm, database, narrow, operator, plainly
from ui.terminal.suggestions import suggest_accuracy, suggest_learn
from ui.terminal.users import users

app = typer.Typer(
    help="Mulin: follow every problem a resident raises on one line. First `init`, then `demo` or `import`, then"
    " `serve`. Settings are MULIN_* variables or lines of a file named .env; with MULIN_LANGUAGE=zh_CN the answers"
    " are in Chinese.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback()(narrow)
app.add_typer(users, name="user")
app.add_typer(anchor, name="anchor")
app.add_typer(clock, name="clock")
app.add_typer(keys, name="key")
app.add_typer(drawings, name="place")
app.command()(demo)
app.command()(verify)
app.command()(reindex)
app.command()(remind)
app.command()(flows)
app.add_typer(imports, name="import")
app.command("suggest-accuracy")(suggest_accuracy)
app.command("suggest-learn")(suggest_learn)
app.add_typer(exports, name="export")
imports.command("all")(import_all)

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@app.command()
@plainly
def init() -> None:
    """Create the database, or bring an older one to this version's schema and flows. Stop the program first."""
    from services.system import db, running, schema_check

    running.require_none()
    schema_check.upgrade()
    begin(leave_empty=True)
    typer.echo(_("The database is ready: {url}", url=db.engine().url.render_as_string()))


@app.command()
@plainly
def backup() -> None:
    """Write a checked copy of the database, with its checksum, to MULIN_BACKUP_FOLDER. People can go on working."""
    from services.keep import backups

    with bar() as progress:
        path = backups.backup(operator(), progress)
    typer.echo(_("The backup is complete: {path}", path=path))


@app.command()
@plainly
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote, with its .sha256 beside it.")],
    yes: Yes = False,
) -> None:
    """Put a backup in the place of the database. Stop the program first; the present database is kept beside it."""
    from services.keep import backups

    confirm(yes, _("Replace the database with {file}?", file=file))
    kept = backups.restore(file, operator())
    typer.echo(_("The backup is restored. What was there before is kept as: {path}", path=kept))
    for sentence, logins in backups.carried().items():
        typer.echo(_(sentence, logins=", ".join(logins)))


@app.command()
@plainly
def casebook(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for another program.")] = False,
    place: Annotated[
        str, typer.Option("--place", help="Only this place, by the name of its folder under data/places.")
    ] = "",
) -> None:
    """Recount each published figure of the places from their records, and say whether it holds."""
    import json

    from services.figures import casebook as book
    from services.places import places

    with database() as session:
        if place:
            places.loaded(session, place)
        told = book.told(session, place)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    for verdict, count in told["summary"].items():
        typer.echo(f"{_(verdict)}: {count}")


@app.command()
@plainly
def serve(
    port: Annotated[int | None, typer.Option(help="The port to listen on; MULIN_PORT, or 8501.")] = None,
    address: Annotated[
        str, typer.Option(envvar="MULIN_ADDRESS", help="The address to listen on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many processes serve; MULIN_PROCESSES, or one for each core.")
    ] = None,
) -> None:
    """Start the program, and print its address and, in demo mode, who one can sign in as."""
    from services.people.demo_identities import demo_identities
    from services.system.settings import settings

    port = port or settings().port
    count = processes or settings().processes or len(os.sched_getaffinity(0))
    begin()
    listener = _listener(address, port)
    with database() as session:
        for line in desks(demo_identities(session)):
            typer.echo(line)
    if settings().demo and address not in _LOOPBACK:
        typer.secho(_open_demo(address), fg="red", err=True)
    typer.echo(_("Mulin is at http://{address}:{port} (stop it with Ctrl+C)", address=address, port=port))
    sys.stdout.flush()
    os.chdir(Path(__file__).parent)
    os.set_inheritable(listener, True)
    os.execv(sys.executable, [sys.executable, "-m", "ui.web.processes.supervisor", str(listener), str(count)])


def _listener(address: str, port: int) -> int:
    from services.system.errors import Refused
    from ui.web.processes.listener import listening

    try:
        return listening(address, port).detach()
    except OSError as error:
        raise Refused(
            "Nothing can listen on port {port} of {address}: {reason}. Stop what is listening there, or choose another"
            " port with --port.",
            port=port,
            address=address,
            reason=error.strerror or error,
        ) from error


def _open_demo(address: str) -> str:
    return _(
        "Warning: this is demo mode, and {address} is open to the network. Whoever reaches this machine enters without"
        " a password, as administrator too, and reads and takes along everything in it. Keep real records out of it, or"
        " set MULIN_MODE=production.",
        address=address,
    )


if __name__ == "__main__":
    app()
