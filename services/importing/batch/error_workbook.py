"""Workbook of errors: the refused rows as they were, with row, reason and what to do, to be corrected in Excel."""

import io
from itertools import groupby

import xlsxwriter

from services.importing.job.reports import Report, RowError, column_called
from services.system.errors import listed
from services.words.i18n import translate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEADS = (listed("Row in the file"), listed("Refused because"), listed("What to do"))
_SHEET = listed("Refused rows")
_WIDTHS = (8, 48, 48)
_CELL = 32_767
# What a file may hold is text: Excel must neither reckon with it nor follow it.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def errors_workbook(report: Report, language: str) -> bytes:
    """The refused rows of a report as an .xlsx file; the columns of the file stand first, so that it imports again."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        sheet = book.add_worksheet(translate(language, _SHEET)[:31])
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        heads = [*report.columns, *(translate(language, head) for head in _HEADS)]
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head[:_CELL], bold)
        for line, (row, errors) in enumerate(_rows(report), 1):
            for at, cell in enumerate(report.refused_rows.get(row, [])[: len(report.columns)]):
                sheet.write_string(line, at, cell[:_CELL])
            sheet.write_number(line, len(report.columns), row)
            for at, text in enumerate(_said(report.kind, errors, language), len(report.columns) + 1):
                sheet.write_string(line, at, text[:_CELL], wrapped)
        for at, width in enumerate(_WIDTHS, len(report.columns)):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
    return written.getvalue()


def _rows(report: Report) -> list[tuple[int, list[RowError]]]:
    ordered = sorted(report.errors, key=lambda error: error.row)
    return [(row, list(errors)) for row, errors in groupby(ordered, key=lambda error: error.row)]


def _said(kind: str, errors: list[RowError], language: str) -> tuple[str, str]:
    """What is wrong with a row, a line each, and what to do about it."""
    named = [
        ": ".join(filter(None, (column_called(kind, one.column, language), reason(one, language)))) for one in errors
    ]
    advice = dict.fromkeys(translate(language, error.advice, **error.params) for error in errors if error.advice)
    return "\n".join(named), "\n".join(advice)


def reason(error: RowError, language: str) -> str:
    """The reason of an error in a language."""
    return translate(language, error.message, **error.params)
