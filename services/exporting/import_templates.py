"""Templates: an empty workbook for each kind of import, with the words of the place to choose from."""

from pathlib import Path

from sqlmodel import Session
from xlsxwriter.worksheet import Worksheet

from models.area import Area
from services.exporting import sheets, template_columns
from services.exporting.lists.list_columns import Words
from services.exporting.sheets import Book
from services.exporting.template_columns import Blank, Ground
from services.importing.mapping.kinds import KINDS
from services.places import places
from services.rights.permissions import Actor, require
from services.system.errors import NotFound
from services.words.i18n import listed

# A line with this in front is left out by the import: data/imports/sheet_words.csv, kind example.
EXAMPLE = listed("Example")
_ROWS = 5000
_WIDTHS = {"title": 30, "long": 40, "text": 20, "name": 24, "date": 18, "unit": 20, "count": 10, "yes": 9}


def write(session: Session, actor: Actor, kind: str, slug: str, path: Path) -> None:
    """Write the template of a kind to ``path``, for a place (by its slug) or for one that is still to be made.

    NotFound for a kind or a place that is not there for this actor.
    """
    place = places.loaded(session, slug) if slug else None
    root = session.get_one(Area, place.area_id).path if place else None
    require(actor, "page.imports") if root is None else require(actor, "import.run", root)
    if kind not in KINDS:
        raise NotFound("There is no kind {kind}. Choose one of: {known}.", kind=kind[:40], known=", ".join(KINDS))
    words = Words(actor.language)
    found = template_columns.blanks(kind, Ground(session, place), words)
    with sheets.book(path, words) as book:
        _form(book, book.sheet(words.term("import_kind", kind)), found)
        _notes(book, book.sheet(words.say("How to fill it in")), found)


def _form(book: Book, sheet: Worksheet, found: list[Blank]) -> None:
    words = book.words
    sheet.set_landscape()
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 7)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, words.say("No."), book.looks["heading"])
    for at, blank in enumerate(found, 1):
        sheet.set_column(at, at, _WIDTHS.get(blank.field.type, 14), book.plain)
        look = book.looks["needed" if blank.field.required else "heading"]
        sheet.write_string(0, at, blank.field.label(words.language), look)
    sheet.write_string(1, 0, words.say(EXAMPLE), book.looks["example"])
    for at, blank in enumerate(found, 1):
        sheet.write_string(1, at, sheets.fit(blank.example), book.looks["example"])
    for at, blank in enumerate(found, 1):
        if blank.choices:
            _offer(book, sheet, at, blank, found)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_ROWS}"})


def _offer(book: Book, sheet: Worksheet, at: int, blank: Blank, found: list[Blank]) -> None:
    wider = next((column for column, one in enumerate(found, 1) if one.field.code == blank.below), 0)
    if wider and blank.narrowed:
        told = book.offer_below(blank.choices, blank.narrowed, wider, row=2)
    else:
        told = book.offer(blank.choices)
    sheet.data_validation(1, at, _ROWS, at, told)


def _notes(book: Book, sheet: Worksheet, found: list[Blank]) -> None:
    words, chinese = book.words, book.words.language.startswith("zh")
    for at, (label, width) in enumerate(
        (
            (words.say("Column"), 16),
            (words.say("Required"), 10),
            (words.say("Meaning"), 60),
            (words.say("Words to choose from"), 60),
        )
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, label, book.looks["heading"])
    for row, blank in enumerate(found, 1):
        field = blank.field
        told = (
            field.label(words.language),
            words.say("required") if field.required else "",
            field.note_zh if chinese else field.note_en,
            _sample(blank.choices, words),
        )
        for at, text in enumerate(told):
            sheet.write_string(row, at, sheets.fit(text), book.looks["wrapped"])
    for below, line in enumerate((_EXAMPLE_LINE, _RED, _OWN_FILE), len(found) + 2):
        sheet.write_string(below, 0, words.say(line), book.looks["told"])


_EXAMPLE_LINE = listed("The grey line is an example; the import leaves it out. Write your own rows below it.")
_RED = listed("Red columns must be filled in; the others may stay empty, and may be deleted.")
_OWN_FILE = listed("You need no template: your own file can be imported as it is.")
_MOST_SHOWN = 40


def _sample(choices: tuple[str, ...], words: Words) -> str:
    more = words.say("and {count} more", count=len(choices) - _MOST_SHOWN) if len(choices) > _MOST_SHOWN else ""
    return ", ".join(filter(None, (*choices[:_MOST_SHOWN], more)))
