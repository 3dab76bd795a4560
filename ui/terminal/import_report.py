"""What an import would do, in words on a terminal: the guessed mapping, the unknown words, the counts, the errors."""

from typing import TYPE_CHECKING

import typer

from ui.terminal.sentences import _

if TYPE_CHECKING:
    from services.importing.guess.unknown_words import Word
    from services.importing.job.reports import Remark, Report
    from services.importing.mapping.mapping import Mapping

_WORDS_SHOWN = 20


def show_mapping(told: "Mapping") -> None:
    """Say which column was taken for what."""
    typer.echo(_("The columns were understood so; --mapping takes another reading:"))
    for field, columns in told.columns.items():
        typer.echo(f"  {field}: {', '.join(columns)}")
    options = told.options
    for name in ("title", "description", "ledger", "date_format", "datum"):
        if value := getattr(options, name):
            typer.echo(f"  {name} = {value}")
    for field, code in options.defaults.items():
        typer.echo(f"  {field} = {code}")


def show_words(kind: str, found: "dict[str, list[Word]]") -> None:
    """Say what will become of words that nobody knows."""
    from services.importing.mapping import kinds

    for field, words in found.items():
        name = kinds.fields(kind)[field].en
        for word in words[:_WORDS_SHOWN]:
            told = {"field": name, "word": word.word, "count": word.count, "code": word.suggestion}
            if word.suggestion == "+":
                typer.echo(_("{field} “{word}” ({count}): kept as a new one", **told))
            elif word.suggestion:
                typer.echo(_("{field} “{word}” ({count}): taken for {code}", **told))
            else:
                typer.echo(_("{field} “{word}” ({count}): passed over", **told))
        if len(words) > _WORDS_SHOWN:
            typer.echo(_("{field}: {count} more", field=name, count=len(words) - _WORDS_SHOWN))


def show(report: "Report") -> None:
    """Print what is wrong, what somebody should look at, and the counts."""
    from services.importing.job.reports import SHOWN

    for error in report.errors[:SHOWN]:
        where = _("Row {row}, {column}:", row=error.row, column=error.column or "-")
        advice = _(error.advice, **error.params) if error.advice else ""
        typer.echo(f"{where} {_(error.message, **error.params)} {advice}".rstrip(), err=True)
    for remarks in (report.outside_rows, report.disagree_rows, report.kept_rows):
        _remarks(remarks)
    counts = {name: getattr(report, name) for name in ("rows", "new", "unchanged", "changed", "refused", "kept")}
    typer.echo(
        _(
            "{rows} rows: {new} new, {changed} changed, {unchanged} unchanged, {kept} kept as they are here, "
            "{refused} refused.",
            **counts,
        )
    )
    if report.on_time or report.late:
        typer.echo(_("Of the new ones: {on_time} on time, {late} late.", on_time=report.on_time, late=report.late))
    if report.outside or report.disagree:
        typer.echo(
            _(
                "Points: {outside} outside every area, {disagree} in another area than the row names.",
                outside=report.outside,
                disagree=report.disagree,
            )
        )
    if report.masked:
        typer.echo(_("{count} rows held an identity or telephone number, which is hidden.", count=report.masked))


def _remarks(remarks: "list[Remark]") -> None:
    from services.importing.job.reports import SHOWN

    for remark in remarks[:SHOWN]:
        where = _("Row {row}:", row=remark.row)
        typer.echo(f"{where} {_(remark.message, **remark.params)}", err=True)
