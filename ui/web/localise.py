"""Localise: Streamlit's own English words, put into the person's language in the browser."""

import json
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.words.i18n import listed, translate
from ui.web.assets import STATIC, WORDS
from ui.web.cookies import language

# As they stand in Streamlit 1.67's bundle.
_SENTENCES = (
    listed("Choose an option"),
    listed("Choose options"),
    listed("Choose or add an option"),
    listed("Choose or add options"),
    listed("No options to select"),
    listed("No results"),
    listed("Select..."),
    listed("Select all"),
    listed("Clear all"),
    listed("Clear value"),
    listed("Clear selection"),
    listed("Date range"),
    listed("Choose date"),
    listed("Choose date range"),
    listed("Clear date"),
    listed("Clear dates"),
    listed("Past Week"),
    listed("Past Month"),
    listed("Past 3 Months"),
    listed("Past 6 Months"),
    listed("Past Year"),
    listed("Past 2 Years"),
    listed("Quick select a date range"),
    listed("Use arrow keys to navigate dates. Enter to select. Escape to close."),
    listed("Upload"),
    listed("Upload directories"),
    listed("Drag and drop a file here"),
    listed("Drag and drop files here"),
    listed("Drag and drop directories here"),
    listed("Take Photo"),
    listed("Switch camera"),
    listed("Learn how to allow access."),
    listed("Page not found"),
    listed("The page that you have requested does not seem to exist. Running the app's main page."),
    listed("Connection error"),
    listed("Connecting"),
    listed("Connecting to Streamlit server"),
    listed("Unable to connect to Streamlit server"),
    listed("Streamlit server is not responding. Are you connected to the internet?"),
    listed("Connection lost. Please wait for the app to reconnect, then try again."),
    listed("Please wait..."),
    listed("Running..."),
    listed("Loading..."),
    listed("Script execution error"),
    listed("Try again"),
    listed("Close"),
    "Cancel",
    listed("Copy"),
    listed("Copied"),
    listed("Copy to clipboard"),
    listed("Skip to main content"),
    listed("Fullscreen"),
    listed("Close fullscreen"),
    "Search",
    listed("Close Search"),
    listed("Download as CSV"),
    listed("Show/hide columns"),
    listed("Hide column"),
    listed("Autosize"),
    listed("Copy column name"),
    listed("Add row"),
    listed("No data"),
    listed("empty"),
    listed("Increment"),
    listed("Decrement"),
    listed("Show password text"),
    listed("Hide password text"),
    listed("Press Enter to apply"),
    listed("Press Enter to submit form"),
    listed("Press Ctrl+Enter to apply"),
    listed("Press Ctrl+Enter to submit form"),
    listed("Rerun"),
    listed("Print"),
    listed("Record a screencast"),
)
# A pattern's groups become $1, $2 in the translation.
_PATTERNS = {
    r"^([\d.]+ ?[KMGT]?B) per file(.*)$": listed("$1 per file$2"),
    r"^You can only select up to (\d+) options?\. Remove an option first\.$": (
        listed("You can select $1 at most. Remove one first.")
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
