"""The checklist of the state a matter stands in: each question with its answer so far, and who gave it."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from services.engine import checklists
from services.engine.checklists import Answer
from services.engine.definition import Question
from services.rights.permissions import Actor, only_public
from ui.frame import saving
from ui.frame.text import _, md, moment, term


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The questions, as a form for whoever may take a step from here; nothing where the state asks none."""
    asked = checklists.questions(matter)
    if not asked or only_public(actor):
        return
    known = checklists.answers(session, matter)
    with st.container(border=True, key=f"checklist-{matter.number}"):
        st.markdown("##### " + _("Checklist"))
        left = len(checklists.missing(session, matter))
        if left:
            st.caption(_("{count} required questions are open: the matter goes on when they are answered.", count=left))
        if checklists.may_answer(session, actor, matter):
            _form(matter, asked, known)
        else:
            for question in asked:
                st.markdown(_line(question, known.get(question.code)))


def _line(question: Question, answer: Answer | None) -> str:
    said = term("check", answer.answer) if answer else _("not answered")
    return f"{_label(question)}: **{said}** {md(answer.remark) if answer else ''}"


def _label(question: Question) -> str:
    said = md(term(f"question.{question.flow}", question.code))
    return said if question.required else _("{label} (optional)", label=said)


def _form(matter: Matter, asked: list[Question], known: dict[str, Answer]) -> None:
    codes = tuple(question.code for question in asked)
    with st.form(f"checks-{matter.number}-{matter.state}", border=False, enter_to_submit=False):
        for question in asked:
            _question(matter, question, known.get(question.code))
        st.form_submit_button(
            _("Keep the answers"),
            key=f"keep-checks-{matter.number}-{matter.version}",
            on_click=_keep,
            args=(matter.number, matter.version, codes),
        )


def _question(matter: Matter, question: Question, answer: Answer | None) -> None:
    with st.container(gap="xxsmall"):
        st.segmented_control(
            _label(question),
            checklists.choices(),
            default=answer.answer if answer else None,
            key=_key(matter.number, question.code, "answer"),
            format_func=lambda code: term("check", code),
        )
        st.text_input(
            _("Remark"),
            answer.remark if answer else "",
            key=_key(matter.number, question.code, "remark"),
            max_chars=checklists.REMARK,
            placeholder=_("Remark, if one is needed"),
            label_visibility="collapsed",
        )
        if answer:
            st.caption(_("{who} at {time}", who=md(answer.actor), time=moment(answer.at)))


def _key(number: str, question: str, part: str) -> str:
    return f"check-{number}-{question}-{part}"


def _keep(number: str, version: int, codes: tuple[str, ...]) -> None:
    state = st.session_state
    told = {code: (state.get(_key(number, code, "answer")), state.get(_key(number, code, "remark"))) for code in codes}
    given = {code: (str(said), str(remark or "")) for code, (said, remark) in told.items() if said}
    saving.save(checklists.answer, number, version, given)
