"""Words on the screen: translation, terms, dates, and the escape that keeps user text from becoming markup."""

import re
from datetime import date, datetime

import streamlit as st
from babel.dates import format_date, format_datetime, format_timedelta

from services import clock, vocabulary
from services.errors import Refused
from services.i18n import translate

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def language() -> str:
    """The language of this session; the router sets it from the account at each run."""
    return str(st.session_state.get("language", "zh_CN"))


def _(message: str, **params: object) -> str:
    """``message`` in the session's language."""
    return translate(language(), message, **params)


def refusal(refused: Refused) -> str:
    """A refusal as the sentence the person reads, safe to show as Markdown."""
    return _(refused.message).format(**{key: md(value) for key, value in refused.params.items()})


def term(kind: str, code: str | None) -> str:
    """The officials' word for a code."""
    return vocabulary.term(kind, code, language())


def day(value: date | datetime | None) -> str:
    """A day, short, in the office's time zone."""
    if value is None:
        return ""
    here = clock.local(value).date() if isinstance(value, datetime) else value
    return format_date(here, "yyyy-MM-dd", locale=language())


def moment(value: datetime | None) -> str:
    """A day and time, short, in the office's time zone."""
    return format_datetime(clock.local(value), "yyyy-MM-dd HH:mm", locale=language()) if value else ""


def distance(value: datetime) -> str:
    """How far from now, in words: three days ago, in two hours."""
    return format_timedelta(value - clock.now(), add_direction=True, locale=language())


def md(text: object) -> str:
    """Escape text that somebody typed, for st.markdown, labels and messages."""
    return _MARKDOWN.sub(r"\\\1", str(text)).replace("\n", " ")
