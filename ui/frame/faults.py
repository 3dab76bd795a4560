"""Faults: a page that fails says so in our own words, with a number under which the log has the rest."""

import logging
import secrets

import streamlit as st
from sqlalchemy.exc import DBAPIError

from services.system.errors import Refused
from ui.frame.text import _, refusal

_log = logging.getLogger("mulin.faults")


def tell(error: Exception) -> bool:
    """Show ``error`` to the person at the page. True: nothing else is shown; it is logged already."""
    if isinstance(error, Refused):
        st.error(refusal(error), icon=":material/block:")
        return True
    number = secrets.token_hex(3).upper()
    _log.error("Fault %s: %s", number, type(error).__name__)
    st.error(_sentence(error, number), icon=":material/error:")
    return True


def _sentence(error: Exception, number: str) -> str:
    if isinstance(error, DBAPIError):
        return _(
            "The database does not answer. Nothing was half saved, and what you typed is still here:"
            " try again in a moment. If it goes on, tell the administrator the number {number}.",
            number=number,
        )
    return _(
        "This page has failed. Nothing was half saved: reload it, or go on elsewhere."
        " If it happens again, tell the administrator the number {number}.",
        number=number,
    )
