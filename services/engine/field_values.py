"""Field values: how words, codes, numbers and days are read from what a person entered."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session

from models.matter import Matter
from services.engine import field_words
from services.engine.definition import Field
from services.system import clock
from services.system.errors import Refused
from services.system.settings import settings
from services.words import vocabulary
from services.words.cleaning import clean
from services.words.i18n import listed

TEXT_LIMIT = 300
COUNT_LIMIT = 99_999
YUAN_LIMIT = 100_000_000
_NO_DATE = listed("Choose a date.")
_NO_SUCH_DATE = listed("There is no such date: {value}. Choose one from the calendar.")
_LONGEST_NUMBER = 24


def text_of(value: Any, limit: int, empty: Refused, too_long: str) -> str:
    """``value`` as trimmed text of 1 to ``limit`` characters, ``clean``."""
    cleaned = clean(value)
    if not cleaned:
        raise empty
    if len(cleaned) > limit:
        raise Refused(too_long, length=len(cleaned), limit=limit)
    return cleaned


TOO_LONG = listed("The text is {length} characters long. Shorten it to {limit}.")


def short(value: Any, limit: int) -> str:
    """``value`` as trimmed text of at most ``limit`` characters, which may be empty."""
    cleaned = clean(value)
    if len(cleaned) > limit:
        raise Refused(TOO_LONG, length=len(cleaned), limit=limit)
    return cleaned


def text(_session: Session, _matter: Matter, field: Field, value: Any) -> str:
    """Words, up to as many characters as its limit says (300 without one)."""
    empty = field_words.refused(field, listed("Fill in: {field}."))
    too_long = field_words.too_long(field, TOO_LONG)
    return text_of(value, field.span()[1] or TEXT_LIMIT, empty, too_long)


def code(_session: Session, _matter: Matter, field: Field, value: Any) -> str:
    """A code of a vocabulary, or one of those that stand behind it."""
    if not isinstance(value, str) or value not in choices(field):
        raise field_words.refused(field, listed("Choose one of the answers offered."))
    return value


def choices(field: Field) -> list[str]:
    """The codes a field of type code offers."""
    return list(field.of[1:]) or vocabulary.codes(field.kind)


def yes_no(_session: Session, _matter: Matter, field: Field, value: Any) -> bool:
    """Yes or no."""
    known = {True: True, False: False, "yes": True, "no": False}
    if not isinstance(value, bool | str) or value not in known:
        raise field_words.refused(field, listed("Choose yes or no: {field}."))
    return known[value]


def whole(value: Any, most: int, refused: Refused, least: int = 0) -> int:
    """``value`` as a whole number from ``least`` to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refused
    return value


def count(_session: Session, _matter: Matter, field: Field, value: Any) -> int:
    """A whole number from 0 to its limit (99,999 without one), or between two."""
    least, most = field.span()
    wanted = listed("Enter a whole number between {least} and {limit}: {field}.")
    told = {"least": least or 0, "limit": most or COUNT_LIMIT}
    return whole(value, most or COUNT_LIMIT, field_words.refused(field, wanted, told), least or 0)


def money(_session: Session, _matter: Matter, field: Field, value: Any) -> int:
    """Yuan with at most two decimals, kept in fen."""
    most = field.span()[1] or YUAN_LIMIT
    wanted = listed("Enter an amount in yuan up to {limit}, with at most two decimals: {field}.")
    fen = _fen(value, most)
    if fen is None:
        raise field_words.refused(field, wanted, {"limit": most})
    return fen


def _fen(value: Any, most: int) -> int | None:
    said = "" if isinstance(value, bool) else str(value).strip() if value is not None else ""
    if not said or len(said) > _LONGEST_NUMBER:
        return None
    try:
        yuan = Decimal(said)
    except InvalidOperation:
        return None
    if not yuan.is_finite() or not 0 <= yuan <= most:
        return None
    fen = yuan * 100
    return int(fen) if fen == int(fen) else None


def day(_session: Session, _matter: Matter, field: Field, value: Any) -> date:
    """A day, so many days from today as its limit says."""
    parsed = _parsed(value)
    found = parsed.date() if isinstance(parsed, datetime) else parsed
    least, most = field.span()
    within(field, timedelta(days=(found - clock.today()).days), least, most)
    return found


def moment(_session: Session, _matter: Matter, field: Field, value: Any) -> datetime:
    """A day and time in the office's time zone; a day alone means its end."""
    parsed = _parsed(value)
    if not isinstance(parsed, datetime):
        parsed = datetime.combine(parsed, time(23, 59))
    found = parsed if parsed.tzinfo else parsed.replace(tzinfo=settings().zone)
    within(field, found - clock.now(), *field.span())
    return found


def within(field: Field, ahead: timedelta, least: int | None, most: int | None) -> None:
    """Refuse what lies fewer days ahead than ``least`` or more than ``most``."""
    first = None if least is None else timedelta(days=least)
    last = None if most is None else timedelta(days=most)
    if (first is not None and ahead < first) or (last is not None and ahead > last):
        raise _outside(field, least, most)


def _outside(field: Field, least: int | None, most: int | None) -> Refused:
    today = clock.today()
    told = {"first": today + timedelta(days=least or 0), "last": today + timedelta(days=most or 0)}
    if most is None:
        return field_words.refused(field, listed("Choose a day from {first} on: {field}."), told)
    if least is None:
        return field_words.refused(field, listed("Choose a day up to {last}: {field}."), told)
    return field_words.refused(field, listed("Choose a day between {first} and {last}: {field}."), told)


def _parsed(value: Any) -> datetime | date:
    if not isinstance(value, str | date):
        raise Refused(_NO_DATE)
    try:
        found = _written(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if found is None or not clock.plausible(found):
        raise Refused(_NO_SUCH_DATE, value=str(value)[:32])
    return found


def _written(value: str) -> datetime | date:
    return date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
