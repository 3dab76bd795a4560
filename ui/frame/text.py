"""Words on the screen: translation, terms, dates, and the escape that keeps user text from becoming markup."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from unicodedata import east_asian_width

import streamlit as st
from babel.dates import format_timedelta

from services.system import clock
from services.system.errors import Refused
from services.words import vocabulary
from services.words.i18n import spell, translate

# A word joiner behind these keeps the browser side from making a link of an address, which it does after unescaping.
_ADDRESS = re.compile(r"https?:|ftp:|mailto:|xmpp:|\bwww(?=\.)|\w(?=@)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


# A page says some hundred words; asking the session for the language each time costs more than saying them.
_SPOKEN: ContextVar[str | None] = ContextVar("spoken", default=None)


def speak(code: str) -> None:
    """Set the language of this session and of this run."""
    st.session_state["language"] = code
    _SPOKEN.set(code)


def language() -> str:
    """The language of this session; it is set from the account at each run."""
    return _SPOKEN.get() or str(st.session_state.get("language", "zh_CN"))


def _(message: str, **params: object) -> str:
    """``message`` in the session's language."""
    return translate(language(), message, **params)


def refusal(refused: Refused) -> str:
    """A refusal as the sentence the person reads, safe to show as Markdown."""
    told = {key: md(spell(language(), value)) for key, value in refused.params.items()}
    return _(refused.message).format(**told)


def term(kind: str, code: str | None) -> str:
    """The officials' word for a code."""
    return vocabulary.term(kind, code, language())


def day(value: date | datetime | None) -> str:
    """A day, as both languages write it in a ledger: 2026-11-22, in the office's time zone."""
    if value is None:
        return ""
    return (clock.local(value).date() if isinstance(value, datetime) else value).isoformat()


def moment(value: datetime | None) -> str:
    """A day and time in the office's time zone: 2026-11-22 19:00."""
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if value else ""


def width(said: str) -> int:
    """How many pixels words take, about, in the letters of a page: what must not be cut is given that much."""
    return round(sum(15.5 if east_asian_width(sign) in "WFA" else 8.2 for sign in said))


def distance(value: datetime) -> str:
    """How far from now, in words: three days ago, in two hours."""
    return format_timedelta(value - clock.now(), add_direction=True, locale=language())


def md(text: object) -> str:
    """Escape text that somebody typed, for st.markdown, labels and messages: no markup, and no link to anywhere."""
    unlinked = _ADDRESS.sub("\\g<0>\u2060", str(text))
    return _MARKDOWN.sub(r"\\\1", unlinked).replace("\n", " ")
