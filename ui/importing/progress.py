"""Progress of a long import in the page: what is being done, how far, and that the page must stay open."""

from types import TracebackType
from typing import Self

import streamlit as st

from ui.frame.text import _


class Bar:
    """A context manager that is a ``services.system.progress.Progress``: drawn at the first word, gone at the end."""

    def __init__(self) -> None:
        self._place = st.empty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` are done."""
        share = min(1.0, done / total) if total else 0.0
        self._place.progress(
            share, text=_("{what}: {share}. Leave this page open.", what=_(what), share=f"{share:.0%}")
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._place.empty()
