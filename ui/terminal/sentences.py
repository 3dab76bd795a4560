"""Sentences, refusals, questions and progress on a terminal; everything slow is imported when it is needed."""

import functools
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

    from services.system.progress import Progress

P = ParamSpec("P")
R = TypeVar("R")


def _(message: str, **params: object) -> str:
    """``message`` in the language of MULIN_LANGUAGE, English when it is not set."""
    from services.words.i18n import translate

    return translate(os.environ.get("MULIN_LANGUAGE", "en"), message, **params)


def narrow() -> None:
    """Let whatever a command writes be for nobody else on this machine."""
    from services.system.files import private_files

    private_files.narrow()


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Print a refusal as a sentence and end with code 1, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from services.system.database_faults import FAULTS, for_operator
        from services.system.errors import Refused
        from services.system.settings import UnsafeSettings, settings

        try:
            settings().check()
            return command(*args, **kwargs)
        except Refused as refused:
            said = _(refused.message, **refused.params)
        except UnsafeSettings as unsafe:
            said = _(unsafe.message, **unsafe.params)
        except (*FAULTS, OSError) as error:
            fault = for_operator(error)
            said = _(fault.message, **fault.params)
        typer.echo(said, err=True)
        raise typer.Exit(1)

    return run


@contextmanager
def bar() -> Iterator["Progress"]:
    """A progress bar on the error stream, so that the answer can still be piped."""
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    tasks: dict[str, TaskID] = {}
    with Bar(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as shown:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(_(what), total=total)
            shown.update(tasks[what], completed=done, total=total)

        yield report


def operator() -> str:
    """The name the audit lines carry for what is done here."""
    return f"manage.py ({getpass.getuser()})"


@contextmanager
def database(writing: bool = False) -> Iterator["Session"]:
    """A session on a database that has this version's schema."""
    from services.system import db, schema

    with db.writing() if writing else db.reading() as session:
        schema.require_head(session)
        yield session


def begin(leave_empty: bool = False) -> None:
    """Start as every program that writes does: by the rows on the disk, and refused where they are wrong.

    Refused, too, where the key, the time zone or the clock are not those of the database.
    """
    import services.registry  # noqa: F401  (the guards that arrows name)
    from services.engine import starting
    from services.keep import settling

    with database():
        pass
    settling.settle(operator())
    with bar() as progress:
        moved = starting.start(operator(), progress=progress, leave_empty=leave_empty)
    if moved:
        typer.echo(_("Matters moved out of states that their flows no longer have: {count}.", count=moved))


def confirm(yes: bool, question: str) -> None:
    """Ask before doing what can't be undone; end with code 1 on a no."""
    from services.system.errors import Refused

    if not yes and not sys.stdin.isatty():
        raise Refused("This needs a yes. Run it in a terminal, or add --yes.")
    if not yes and not typer.confirm(question):
        raise typer.Exit(1)
