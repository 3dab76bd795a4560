"""Faults: what fails is told in a sentence of our own, with a number under which the log has the rest."""

import logging
import secrets

import streamlit as st

from services.system import database_faults
from services.system.errors import Refused
from services.words.i18n import listed
from ui.frame.text import _, refusal

NUMBER = listed("If it goes on, tell the administrator the number {number}.")
_LOG = logging.getLogger("mulin.faults")
_FAILED = listed("This could not be answered. Nothing was half saved: try again in a moment.")


def log(error: BaseException) -> str:
    """Put ``error`` into the log; the number it has there."""
    number = secrets.token_hex(3).upper()
    _LOG.error("Fault %s", number, exc_info=error)
    return number


def worded(error: Exception) -> tuple[int, Refused]:
    """The status and the sentence for a failure: 503 where the database or the disk failed, 500 where we did."""
    if isinstance(error, (*database_faults.FAULTS, OSError)):
        return 503, database_faults.for_person(error)
    return 500, Refused(_FAILED)


def tell(error: Exception) -> bool:
    """Show ``error`` to the person at the page. True: nothing else is shown."""
    if isinstance(error, Refused):
        st.error(refusal(error), icon=":material/block:")
        return True
    said = refusal(worded(error)[1]), _(NUMBER, number=log(error))
    st.error(" ".join(said), icon=":material/error:")
    return True
