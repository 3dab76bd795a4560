"""Tally 计票: entered twice by two people; nobody sees the other's figures before both counts are in."""

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.meeting import Meeting, Option
from services.meetings import counters, meetings
from services.meetings.counters import COUNTERS
from services.meetings.meetings import Votes
from services.rights.permissions import Actor
from services.words import vocabulary
from services.words.i18n import listed
from ui.frame import autosave, saving
from ui.frame.text import _, md, term
from ui.meeting import ballot_options

_SOMEBODY_ELSE = {
    1: listed("You entered the second count. The first is for somebody else, who signs in with an own account."),
    2: listed("You entered the first count. The second is for somebody else, who signs in with an own account."),
}


def show(session: Session, actor: Actor, topic: Matter, meeting: Meeting, found: list[Option]) -> None:
    """Whose count is in, and the form of the one chosen."""
    counts = {counter: meetings.tally(session, meeting, counter) for counter in COUNTERS}
    missing = [counter for counter in COUNTERS if not counts[counter]]
    slot = f"counter-{meeting.id}"
    if slot not in st.session_state and not meetings.counted(session, meeting):
        # Where the counts differ, each looks at his own again.
        own = [one for one in COUNTERS if not counters.entered_other(session, actor, topic, meeting, one)]
        st.session_state[slot] = (missing or own or COUNTERS)[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            _("Count the votes twice, by two people"),
            list(COUNTERS),
            key=slot,
            required=True,
            format_func=lambda counter: _name(counter, bool(counts[counter])),
        )
        ballot_options.removal(topic, found)
    if chosen is None:
        return
    if counters.entered_other(session, actor, topic, meeting, chosen):
        st.info(_(_SOMEBODY_ELSE[chosen]), icon=":material/group:")
        return
    if counts[chosen] and missing:
        st.caption(_("This count is in. Its figures are shown when the other count is in as well."))
        with st.expander(_("Count this one again")):
            _form(topic, meeting, found, chosen, {}, set())
    else:
        different = {(row[0].id, row[1]) for row in meetings.mismatches(session, meeting)} if not missing else set()
        _form(topic, meeting, found, chosen, counts[chosen], different)


def _name(counter: int, done: bool) -> str:
    name = _("First count") if counter == 1 else _("Second count")
    return f"{':material/check_circle:' if done else ':material/radio_button_unchecked:'} {name}"


def _key(meeting: Meeting, counter: int, option: Option, channel: str) -> str:
    return f"votes-{meeting.id}-{counter}-{option.id}-{channel}"


def _form(
    topic: Matter, meeting: Meeting, found: list[Option], counter: int, stored: Votes, different: set[tuple[int, str]]
) -> None:
    cells = {(option.id, c): _key(meeting, counter, option, c) for option in found for c in vocabulary.codes("channel")}
    for cell, key in cells.items():
        autosave.sync(key, stored.get(cell))
    with st.form(f"tally-{meeting.id}-{counter}", border=False, enter_to_submit=False):
        for at, option in enumerate(found):
            keys = {channel: key for (one, channel), key in cells.items() if one == option.id}
            wrong = {channel for one, channel in different if one == option.id}
            _row(option, keys, wrong, labelled=at == 0 or bool(wrong))
        label = _("Save the first count") if counter == 1 else _("Save the second count")
        st.form_submit_button(
            label,
            key=f"count-{meeting.id}-{counter}",
            on_click=_save,
            args=(topic.number, topic.version, meeting.id, counter, tuple(cells.items())),
        )


def _row(option: Option, keys: dict[str, str], wrong: set[str], labelled: bool) -> None:
    title, inputs = st.columns([2, 3], vertical_alignment="bottom" if labelled else "center", gap="xsmall")
    title.markdown(f"**{md(option.title)}**")
    with inputs.container(horizontal=True, gap="xsmall", vertical_alignment="bottom"):
        for channel, key in keys.items():
            label = f":orange[:material/change_history: {term('channel', channel)}]"
            st.number_input(
                label if channel in wrong else term("channel", channel),
                min_value=0,
                max_value=99_999,
                value=None,
                step=1,
                key=key,
                placeholder="–",
                label_visibility="visible" if labelled else "collapsed",
                width=98,
            )


def _save(
    number: str, drawn: int, meeting_id: int, counter: int, cells: tuple[tuple[tuple[int, str], str], ...]
) -> None:
    typed = {cell: st.session_state.get(key) for cell, key in cells}
    blank = all(value is None for value in typed.values())
    votes = {} if blank else {cell: value or 0 for cell, value in typed.items()}
    saved = saving.save(meetings.count_votes, number, drawn, counter, votes)
    autosave.mark([key for _cell, key in cells], saved)
    if saved:
        st.session_state.pop(f"counter-{meeting_id}", None)
