"""The `flows` command: which flows there are, by which rows, and what is wrong with these."""

import os

import typer

from ui.terminal.sentences import _, plainly


@plainly
def flows() -> None:
    """List every flow with the version of its rows, and everything that is wrong with them. Ends with 1 if so."""
    import services.registry  # noqa: F401  (the guards that arrows name)
    from services.engine import checks, versions
    from services.engine import flows as known
    from services.words.vocabulary import term

    for code in known.flows():
        flow, version = known.flow(code), versions.present(code)[:12]
        counts = _("{states} states, {arrows} arrows", states=len(flow.states), arrows=len(flow.arrows))
        typer.echo(f"{code}\t{term('flow', code, os.environ.get('MULIN_LANGUAGE', 'en'))}\t{version}\t{counts}")
    wrong = [_(fault.message, file=fault.file, row=fault.row, **fault.params) for fault in checks.faults()]
    wrong = wrong or _stranding()
    for sentence in wrong:
        typer.echo(sentence, err=True)
    if wrong:
        raise typer.Exit(1)


def _stranding() -> list[str]:
    """What these rows would strand, where there is a database yet."""
    from sqlalchemy.exc import SQLAlchemyError

    from services.engine import moved
    from services.system import db, schema

    try:
        with db.reading() as session:
            found = moved.refusals(session) if schema.at_head(session) else ()
            return [_(refused.message, **refused.params) for refused in found]
    except SQLAlchemyError:
        return []
