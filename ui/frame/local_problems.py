"""What is wrong with a place's own files, for whoever can correct them."""

import streamlit as st

from services.system.settings import settings
from services.words.local_files import Problem
from ui.frame.text import _, md


def show(problems: tuple[Problem, ...]) -> None:
    """One sentence a line; a file with a wrong line is not used at all."""
    if not problems:
        return
    said = [
        _("{file}, line {line}:", file=md(problem.file), line=problem.line)
        + " "
        + _(problem.message).format(**{name: md(value) for name, value in problem.params.items()})
        for problem in problems
    ]
    head = _("A file of your own is not used until these lines are corrected:")
    st.error(f"{head}\n\n" + "\n".join(f"- {one}" for one in said), icon=":material/error:")


def place(name: str) -> None:
    """Where a file of one's own goes."""
    st.caption(_("Your own file, with the same columns: {path}", path=md(str(settings().local_folder / name))))
