"""Localise: Streamlit's own English words, put into the person's language in the browser."""

import json
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.i18n import translate
from ui.web.assets import STATIC, WORDS
from ui.web.cookies import language

# As they stand in Streamlit 1.67's bundle.
_SENTENCES = (
    "Choose an option",
    "Choose options",
    "Choose or add an option",
    "Choose or add options",
    "No options to select",
    "No results",
    "Select...",
    "Select all",
    "Clear all",
    "Clear value",
    "Clear selection",
    "Date range",
    "Choose date",
    "Choose date range",
    "Clear date",
    "Clear dates",
    "Past Week",
    "Past Month",
    "Past 3 Months",
    "Past 6 Months",
    "Past Year",
    "Past 2 Years",
    "Quick select a date range",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.",
    "Upload",
    "Upload directories",
    "Drag and drop a file here",
    "Drag and drop files here",
    "Drag and drop directories here",
    "Take Photo",
    "Switch camera",
    "Learn how to allow access.",
    "Page not found",
    "The page that you have requested does not seem to exist. Running the app's main page.",
    "Connection error",
    "Connecting",
    "Connecting to Streamlit server",
    "Unable to connect to Streamlit server",
    "Streamlit server is not responding. Are you connected to the internet?",
    "Connection lost. Please wait for the app to reconnect, then try again.",
    "Please wait...",
    "Running...",
    "Loading...",
    "Script execution error",
    "Try again",
    "Close",
    "Cancel",
    "Copy",
    "Copied",
    "Copy to clipboard",
    "Skip to main content",
    "Fullscreen",
    "Close fullscreen",
    "Search",
    "Close Search",
    "Download as CSV",
    "Show/hide columns",
    "Hide column",
    "Autosize",
    "Copy column name",
    "Add row",
    "No data",
    "empty",
    "Increment",
    "Decrement",
    "Show password text",
    "Hide password text",
    "Press Enter to apply",
    "Press Enter to submit form",
    "Press Ctrl+Enter to apply",
    "Press Ctrl+Enter to submit form",
    "Rerun",
    "Print",
    "Record a screencast",
)
# A pattern's groups become $1, $2 in the translation.
_PATTERNS = {
    r"^([\d.]+ ?[KMGT]?B) per file(.*)$": "$1 per file$2",
    r"^You can only select up to (\d+) options?\. Remove an option first\.$": (
        "You can select $1 at most. Remove one first."
    ),
}


@lru_cache
def _script(wanted: str) -> str:
    words = {sentence: translate(wanted, sentence) for sentence in _SENTENCES}
    patterns = [[pattern, translate(wanted, sentence)] for pattern, sentence in _PATTERNS.items()]
    code = (STATIC / "translate.js").read_text(encoding="utf-8")
    return f"const WORDS = {json.dumps(words)};\nconst PATTERNS = {json.dumps(patterns)};\n{code}"


def serve(request: Request) -> Response:
    """The dictionary and the code that applies it, for the language in the URL."""
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(_script(language(request)), media_type="text/javascript", headers=headers)


def routes() -> list[BaseRoute]:
    """The script that every page loads."""
    return [Route(WORDS, serve)]
