"""Messages in both languages, without a screen: what the command line and the pages translate through."""

import gettext
import io
from functools import lru_cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from services.system.errors import listed as listed
from services.system.settings import ROOT
from services.words.vocabulary import LANGUAGES


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
    found = _catalogue(language if language in LANGUAGES else "zh_CN").gettext(message)
    return found.format(**params) if params else found
