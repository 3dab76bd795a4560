"""Messages in both languages, without a screen: what the command line and the pages translate through."""

import gettext
import io
from functools import lru_cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.system.errors import listed as listed
from services.system.settings import ROOT
from services.words import vocabulary
from services.words.vocabulary import LANGUAGES, Word


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = ROOT / "locales" / language / "LC_MESSAGES" / "mulin.po"
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(language: str, message: str, **params: object) -> str:
    """``message`` in ``language`` with its ``{placeholders}`` filled; an unknown language reads Chinese."""
    spoken = language if language in LANGUAGES else "zh_CN"
    found = _catalogue(spoken).gettext(message)
    if found == message:
        found = vocabulary.sentence(message, spoken)
    return found.format(**{name: spell(spoken, value) for name, value in params.items()}) if params else found


def spell(language: str, value: object) -> object:
    """``value``; a word of the vocabulary as ``language`` has it."""
    return value.said(language) if isinstance(value, Word) else value
