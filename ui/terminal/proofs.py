"""Proofs on a terminal: verify, anchors, and what an administrator accepts."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.terminal.sentences import _, bar, confirm, database, operator, plainly

if TYPE_CHECKING:
    from services.keep.problems import VerifyReport

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]

anchor = typer.Typer(
    help="Anchors: short proofs to keep elsewhere, against which `verify` holds the record.", no_args_is_help=True
)
clock = typer.Typer(help="The clock, where it does not fit the newest record.", no_args_is_help=True)


@plainly
def verify(
    against: Annotated[
        str | None,
        typer.Option(
            help="An anchor (its text, or a file with it), a backup or its .sha256 to hold the record against."
        ),
    ] = None,
) -> None:
    """Check file, schema, every event, matter, audit line and known anchor. Ends with 1 if anything is wrong."""
    from services.keep import anchor_sources, anchors, inspection, known_anchors
    from services.system import db, settings

    with database(), bar() as progress:
        held = anchor_sources.read(against, progress) if against else []
        with db.reading() as session:
            db.hold_still(session)
            report = inspection.inspect(session, progress, [one.anchor for one in held])
            remarks = inspection.remarks(session, [one.anchor for one in held])
    _say(report, remarks)
    for one in held:
        source = one.source or _("the anchor that was typed")
        typer.echo(_("Held against {source}, of {at}.", source=source, at=anchors.said(one.anchor)))
    if settings.settings().published_key:
        typer.echo(_(inspection.PUBLISHED_KEY))
    if report.found:
        raise typer.Exit(1)
    with database() as session:
        known_anchors.note(session)
    _show()


def _say(report: "VerifyReport", remarks: list[tuple[str, dict[str, object]]]) -> None:
    for problem in report.problems:
        place = f"{problem.number} #{problem.seq}" if problem.seq else problem.number
        typer.echo(f"{place}: {_(problem.message, **problem.params)}")
    for message, params in remarks:
        typer.echo(_(message, **params))
    typer.echo(
        _(
            "Checked {matters} matters, {events} events and {lines} audit lines: {problems} problems.",
            matters=report.matters,
            events=report.events,
            lines=report.lines,
            problems=report.found,
        )
    )
    _since(report)


def _since(report: "VerifyReport") -> None:
    """Print since when the seals vouch, where they were put on what was there before."""
    from services.system import clock

    if report.since and report.as_found:
        typer.echo(
            _(
                "Sealed since {time}. {count} rows that were there before were sealed as they were found: nothing"
                " vouches for what happened to them earlier.",
                time=clock.local(report.since).strftime("%Y-%m-%d %H:%M"),
                count=report.as_found,
            )
        )


def _show() -> None:
    """Print the anchor of now, with what it is good for."""
    from services.keep import anchor_sources, anchors

    with bar() as progress, anchors.at_rest() as session:
        taken = anchors.take(session, progress)
    typer.echo(anchor_sources.sheet(taken), nl=False)
    typer.echo(
        _("Keep the anchor elsewhere, on paper or in another house: verify --against ANCHOR shows later what is gone.")
    )


@anchor.command()
@plainly
def show() -> None:
    """Print the anchor of now. Put it into a file, or on paper, that no one who runs this machine can change."""
    with database():
        pass
    _show()


@anchor.command("accept")
@plainly
def accept_anchor(yes: Yes = False) -> None:
    """Go on from the record as it is, although it is behind what this machine saw before. Leaves an audit line."""
    from services.keep import known_anchors
    from services.system import db

    with database() as session:
        found = known_anchors.behind(session)
    if found is None:
        typer.echo(_("The record is where this machine last saw it: there is nothing to accept."))
        return
    typer.echo(_(found.message, **found.params))
    confirm(yes, _("Go on from the record as it is?"))
    with database(writing=True) as session:
        known_anchors.accept(session, operator())
    with db.reading() as session:
        known_anchors.note(session, force=True)
    typer.echo(_("Accepted, with a line in the audit."))


@clock.command("accept")
@plainly
def accept_clock(yes: Yes = False) -> None:
    """Say that the clock is right, although the newest record is of another time. Leaves an audit line."""
    from services.rights import clock_acceptance
    from services.system import agreement
    from services.system.errors import Refused

    with database() as session:
        try:
            agreement.require(session)
        except Refused as refused:
            typer.echo(_(refused.message, **refused.params))
        else:
            typer.echo(_("The clock fits the newest record: there is nothing to accept."))
            return
    confirm(yes, _("Is the clock of this computer right?"))
    with database(writing=True) as session:
        clock_acceptance.accept(session, operator())
    typer.echo(_("Accepted, with a line in the audit."))


@plainly
def reindex() -> None:
    """Build the search index anew from the matters."""
    from migrations import text_index
    from services.system import db

    with database(writing=True) as session:
        text_index.renew(session.connection())
        db.learn(session)
    typer.echo(_("The search index is as the matters are."))
