"""A page that fails: a sentence of our own with a number that stands in the log, never the error itself."""

import logging
import re

import pytest
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

import app as launcher
from services.system.errors import Refused
from ui.frame import faults


def _page() -> None:
    import streamlit as st

    from ui.frame import faults

    st.session_state["told"] = faults.tell(st.session_state["error"])


def told(error: Exception) -> str:
    page = AppTest.from_function(_page, default_timeout=60)
    page.session_state["error"] = error
    page.session_state["language"] = "en"
    page.run()
    assert page.session_state["told"] is True and not page.exception
    return str(page.error[0].value)


def test_a_fault_has_a_number_that_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "mulin.faults"):
        said = told(ZeroDivisionError("secret words"))
    found = re.search(r"number ([0-9A-F]{6})", said)
    assert found and found[1] in caplog.text and "secret" not in said


def test_a_database_that_is_away_and_a_refusal_say_what_to_do() -> None:
    assert "try again in a moment" in told(OperationalError("SELECT 1", {}, Exception("gone")))
    assert told(Refused("Choose one.")) == "Choose one."


def test_the_launcher_hands_every_error_to_it() -> None:
    assert launcher.app._on_script_error is faults.tell
