"""The command line's part of suggestions: how often they are right on records with known categories."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.terminal.sentences import _, bar, database, plainly

if TYPE_CHECKING:
    from services.flows.issue.accuracy import Report, Sample


@plainly
def suggest_accuracy(
    file: Annotated[Path, typer.Argument(help="A CSV file of filed records, in UTF-8 or GB18030.")],
    mapping: Annotated[
        str, typer.Option(help="Which columns are the text, the category and the day: rows of data/accuracy.csv.")
    ] = "pingshan_2018",
) -> None:
    """Measure the suggestions on records with known categories: trained on a part, measured on the part held out."""
    from services.flows.issue import accuracy
    from services.rules.rules import rule

    threshold = rule("suggest.sure").value
    for text, samples in _trials(file, mapping):
        typer.echo("\n" + _("Text: {columns}; {n} records.", columns=text, n=len(samples)))
        share = f"{accuracy.determined(samples):.1%}"
        typer.echo(_("Looked up, this text alone gives the category of {share} of the records.", share=share))
        rows = [
            (_("by time, last fifth"), accuracy.by_time(samples, threshold)),
            (_("five folds"), accuracy.by_fold(samples, threshold)),
            (_("five folds, wordings never seen"), accuracy.by_wording(samples, threshold)),
        ]
        _table(rows)
        _worst(rows[-1][1])
    typer.echo(
        "\n"
        + _(
            "A leak: where the same wording stands in the training part (seen), the answer was looked up, not"
            " understood. Only the last row of each table says how the suggestions do on new words."
        )
    )


def _trials(file: Path, mapping: str) -> "list[tuple[str, list[Sample]]]":
    from services.flows.issue.accuracy import Sample
    from services.system.data_files import rows
    from services.system.errors import Refused

    told = [row for row in rows("accuracy.csv") if row["mapping"] == mapping]
    records = _records(file)
    needed = {name for row in told for name in (row["label"], row["day"], *row["text"].split())}
    if not told or not records or not needed <= records[0].keys():
        raise Refused("This file does not have the columns of {mapping} in data/accuracy.csv.", mapping=mapping)
    return [
        (
            row["text"],
            [
                Sample(" ".join(record[name] for name in row["text"].split()), record[row["label"]])
                for record in sorted(records, key=lambda record: record[row["day"]])
            ],
        )
        for row in told
    ]


def _records(file: Path) -> list[dict[str, str]]:
    from services.system.errors import Refused

    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with file.open(encoding=encoding, newline="") as opened:
                return list(csv.DictReader(opened, restval=""))
        except UnicodeDecodeError:
            continue
        except (OSError, csv.Error) as error:
            raise Refused("The file {name} can't be read: {reason}.", name=file.name, reason=str(error)) from None
    raise Refused("The file {name} is neither UTF-8 nor GB18030. Save it as CSV UTF-8.", name=file.name)


def _table(rows: "list[tuple[str, Report]]") -> None:
    heads = (
        _("accuracy"),
        _("macro-F1"),
        _("among the first three"),
        _("not sure"),
        _("accuracy when sure"),
        _("most frequent class"),
        _("seen"),
    )
    typer.echo("\n|  | n | " + " | ".join(heads) + " |\n|" + "---|" * (len(heads) + 2))
    for name, told in rows:
        shares = (
            told.accuracy,
            told.macro_f1,
            told.top_three,
            told.unsure,
            told.sure_accuracy,
            told.baseline,
            told.seen,
        )
        typer.echo(f"| {name} | {told.n:,} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")


def _worst(told: "Report") -> None:
    typer.echo("\n" + _("Missed most, on wordings never seen:"))
    for code, n, right, taken_for in told.worst:
        typer.echo(
            _(
                "{code}: {right} of {n} right, mostly taken for {other}",
                code=code,
                right=right,
                n=n,
                other=taken_for or _("none"),
            )
        )


@plainly
def suggest_learn() -> None:
    """Learn the category suggestions anew from every filed issue in the database. Safe to repeat."""
    from services.flows.issue.suggestions import learn_anew

    with database(writing=True) as session, bar() as progress:
        learned = learn_anew(session, progress)
    typer.echo(_("Learned from {count} filed issues.", count=learned))
