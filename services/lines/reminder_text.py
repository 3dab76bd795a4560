"""A reminder sheet as text to be pasted into a chat: numbers, categories, areas and dates, and nothing that was typed.

Titles, descriptions, places and notes stay inside: they may name somebody.
"""

from typing import Any

from services.lines.reminders import DESK, KINDS, Entry, Owing, Sheet
from services.system import clock
from services.words.i18n import listed, translate
from services.words.vocabulary import term

DESK_NAME = listed("Community desk (no unit yet)")
TO_SIGN = listed("Not signed in")
# A chat is read at once: what stands below this many lines is in the program.
SHOWN = 30


def name(owing: Owing, language: str) -> str:
    """What the unit is called."""
    return translate(language, DESK_NAME) if owing.code == DESK else owing.name


def kind(code: str, language: str) -> str:
    """What a count of a sheet is called."""
    named = {"overdue": "overdue_only"}.get(code, code)
    return translate(language, TO_SIGN) if code == "to_sign" else term("clock", named, language)


def standing(entry: Entry, language: str) -> str:
    """How the clock of a matter stands, with the working days it is late, from a quarter on."""
    said = term("clock", entry.row.standing, language)
    return f"{said} {days(entry.late, language)}" if entry.late and entry.late >= 0.25 else said


def days(amount: float, language: str) -> str:
    """Working days in words, to half a day."""
    return term("rule_unit", "work_day", language).format(value=f"{max(0.5, round(amount * 2) / 2):g}", share="")


def text(sheet: Sheet, language: str) -> str:
    """The sheet to be pasted into a chat."""
    counts = " · ".join(f"{kind(one, language)} {sheet.owing.counts[one]}" for one in KINDS if sheet.owing.counts[one])
    day = clock.local(sheet.at).date().isoformat()
    head = translate(language, "[Reminder] {unit}, {day}", unit=name(sheet.owing, language), day=day)
    lines = [f"{at}. {_line(entry, language)}" for at, entry in enumerate(sheet.entries[:SHOWN], 1)]
    if len(sheet.entries) > SHOWN:
        lines.append(translate(language, "… and {count} more in the program.", count=len(sheet.entries) - SHOWN))
    return "\n".join([head, counts, *lines, translate(language, "Please deal with these and report in the program.")])


def _line(entry: Entry, language: str) -> str:
    matter = entry.row.matter
    due = translate(language, "due {day}", day=clock.local(matter.due_at).date()) if matter.due_at else ""
    signed = kind("to_sign", language) if entry.to_sign else ""
    said = (matter.number, term("category", matter.category, language), entry.where, due, standing(entry, language))
    return " · ".join(part for part in (*said, signed) if part)


def facts(sheet: Sheet) -> dict[str, Any]:
    """The sheet for another program; nothing that was typed."""
    return {
        "unit": sheet.owing.code,
        "name": sheet.owing.name,
        "at": sheet.at.isoformat(),
        "counts": sheet.owing.counts,
        "matters": [_fact(entry) for entry in sheet.entries],
    }


def _fact(entry: Entry) -> dict[str, Any]:
    matter = entry.row.matter
    return {
        "number": matter.number,
        "flow": matter.flow,
        "state": matter.state,
        "category": matter.category,
        "area": entry.where,
        "due": matter.due_at.isoformat() if matter.due_at else None,
        "standing": entry.row.standing,
        "late_working_days": None if entry.late is None else round(entry.late, 2),
        "to_sign": entry.to_sign,
    }
