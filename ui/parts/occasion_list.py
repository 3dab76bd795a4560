"""Occasions 场次 on the screen: what is ahead, what was held and how many came; planned singly or by a rule."""

from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st
from sqlmodel import Session

from models.matter import Matter
from models.occasion import Occasion
from services.engine import flows
from services.parts import occasions, part_turns, series
from services.parts.occasions import NewOccasion
from services.parts.series import NewSeries
from services.places import form_choices
from services.rights.matter_rights import may_with
from services.rights.permissions import Actor
from services.system import clock
from services.words import vocabulary
from ui.frame import blocks, saving
from ui.frame.text import _, moment, term

_RIGHTS = {"one": "plan", "row": "plan", "count": "count", "move": "plan", "off": "plan"}
_LISTED = 60
_EVENING = time(19)


def show(session: Session, actor: Actor, matter: Matter) -> None:
    """The occasions with what may be done about them now; nothing for a flow that has none."""
    if "occasions" not in flows.flow(matter.flow).words("page", "parts"):
        return
    found = occasions.occasions_of(session, matter)
    acts = _acts(session, actor, matter, found)
    with st.container(border=True, key=f"occasions-{matter.number}"):
        st.markdown("##### " + _("Occasions"))
        if found:
            _draw(session, matter, found)
        else:
            st.caption(_("Nothing is planned yet. Plan one occasion, or a row of them."))
        if acts:
            _act(session, matter, found, acts)


def _acts(session: Session, actor: Actor, matter: Matter, found: list[Occasion]) -> list[str]:
    offered = []
    for act, right in _RIGHTS.items():
        some = act in ("one", "row") or any(_may(act, one) for one in found)
        if (
            some
            and part_turns.in_turn(matter, "occasions", right)
            and may_with(session, actor, f"occasion.{right}", matter)
        ):
            offered.append(act)
    return offered


def _may(act: str, one: Occasion) -> bool:
    """What is counted has begun; what is moved or called off is still standing."""
    return one.called_off_at is None and (act != "count" or one.starts_at <= clock.now())


def _draw(session: Session, matter: Matter, found: list[Occasion]) -> None:
    present, reasons, now = occasions.headcounts(session, matter), occasions.reasons(session, matter), clock.now()
    held = sum(occasions.held(one, now) for one in found)
    off = sum(one.called_off_at is not None for one in found)
    told = [
        _("{count} held", count=held),
        _("{count} ahead", count=len(found) - held - off),
        _("{count} called off", count=off) if off else "",
        _("{count} attendances", count=sum(present.values())) if present else "",
    ]
    rows = [_row(one, present.get(one.id), reasons.get(one.id, ""), now) for one in found[-_LISTED:]]
    more = _("The last {count} are listed.", count=_LISTED) if len(found) > _LISTED else ""
    summary = blocks.text("p", " · ".join(filter(None, told)), "mulin-quiet")
    blocks.draw(summary, blocks.text("p", more, "mulin-quiet"), blocks.listed(rows, "clauses"))


def _row(one: Occasion, present: int | None, reason: str, now: datetime) -> str:
    if one.called_off_at is not None:
        badge = blocks.badge(_("called off"), "gray")
    elif not occasions.held(one, now):
        badge = blocks.badge(_("ahead"), "blue")
    elif present is None:
        badge = blocks.badge(_("not counted yet"), "orange")
    else:
        badge = blocks.badge(_("{count} came", count=present), "green")
    said = " · ".join(filter(None, (one.series, one.place, one.plan, reason)))
    return blocks.wrapped(
        "p", blocks.text("b", moment(one.starts_at)) + " " + badge + blocks.text("span", said, "mulin-quiet")
    )


def _words() -> dict[str, str]:
    return {
        "one": _("Plan one"),
        "row": _("Plan a row"),
        "count": _("Count who came"),
        "move": _("Move"),
        "off": _("Call off"),
    }


def _act(session: Session, matter: Matter, found: list[Occasion], acts: list[str]) -> None:
    words = _words()
    chosen = st.segmented_control(
        _("What to do about an occasion"),
        acts,
        key=f"occasion-act-{matter.number}",
        format_func=lambda act: words.get(act, act),
    )
    if chosen not in acts:
        return
    with st.form(f"occasion-{chosen}-{matter.number}-{matter.version}", border=False, enter_to_submit=False):
        _FORMS[chosen](session, matter, [one for one in found if _may(chosen, one)])
        st.form_submit_button(
            words[chosen], type="primary", on_click=_done, args=(matter.number, matter.version, chosen)
        )


def _key(matter: Matter, name: str) -> str:
    return f"occasion-{name}-{matter.number}-{matter.version}"


def _when(matter: Matter) -> None:
    with st.container(horizontal=True):
        st.date_input(_("Day"), clock.today(), key=_key(matter, "day"), format="YYYY-MM-DD", width=170)
        st.time_input(_("Begins"), _EVENING, key=_key(matter, "time"), width=120)
        st.number_input(_("Minutes"), 1, 1440, 60, key=_key(matter, "minutes"), width=120)


def _where(session: Session, matter: Matter) -> None:
    venues = form_choices.venues(session, matter)
    with st.container(horizontal=True):
        st.selectbox(
            _("Venue"),
            list(venues),
            index=None,
            key=_key(matter, "venue"),
            format_func=lambda code: venues.get(code, code),
            placeholder=_("Choose"),
            width=260,
        )
        st.text_input(_("Or where, in words"), key=_key(matter, "place"), max_chars=120, width=260)


def _one(session: Session, matter: Matter, _found: list[Occasion]) -> None:
    _when(matter)
    _where(session, matter)
    st.text_input(_("What is planned"), key=_key(matter, "plan"), max_chars=500)


def _many(session: Session, matter: Matter, _found: list[Occasion]) -> None:
    st.text_input(_("Name of the row"), key=_key(matter, "name"), max_chars=48)
    _when(matter)
    with st.container(horizontal=True):
        st.selectbox(
            _("How often"),
            list(series.EVERY),
            index=1,
            key=_key(matter, "every"),
            format_func=lambda code: term("every", code),
            width=220,
        )
        last = clock.today() + timedelta(days=90)
        st.date_input(_("Until"), last, key=_key(matter, "until"), format="YYYY-MM-DD", width=170)
        st.checkbox(_("Call off those on public holidays"), key=_key(matter, "skip"))
    _where(session, matter)


def _which(matter: Matter, found: list[Occasion]) -> None:
    names = {one.id: " ".join(filter(None, (moment(one.starts_at), one.series, one.place))) for one in found}
    st.selectbox(
        _("Occasion"), list(names), key=_key(matter, "which"), format_func=lambda one: names.get(one, str(one))
    )


def _count(_session: Session, matter: Matter, found: list[Occasion]) -> None:
    _which(matter, list(reversed(found)))
    st.caption(_("How many of each came. Numbers only, no names."))
    with st.container(horizontal=True):
        for code in vocabulary.codes("participant"):
            key = _key(matter, f"present-{code}")
            st.number_input(term("participant", code), 0, 9999, None, key=key, width=150)


def _move(_session: Session, matter: Matter, found: list[Occasion]) -> None:
    _which(matter, found)
    _when(matter)


def _off(_session: Session, matter: Matter, found: list[Occasion]) -> None:
    _which(matter, found)
    st.text_input(_("Why it is not held"), key=_key(matter, "reason"), max_chars=500)


_FORMS = {"one": _one, "row": _many, "count": _count, "move": _move, "off": _off}


def _done(number: str, version: int, act: str) -> None:
    def entered(name: str) -> Any:
        return st.session_state.get(f"occasion-{name}-{number}-{version}")

    _ACTS[act](number, version, entered)


def _start(entered: Any) -> datetime:
    day, at = entered("day"), entered("time")
    found = datetime.combine(day if isinstance(day, date) else clock.today(), at or _EVENING)
    return found.replace(tzinfo=clock.local(clock.now()).tzinfo)


def _plan_one(number: str, version: int, entered: Any) -> None:
    start = _start(entered)
    ends = start + timedelta(minutes=entered("minutes") or 60)
    told = {"venue": entered("venue"), "place": entered("place") or "", "plan": entered("plan") or ""}
    saving.save(occasions.plan, number, version, NewOccasion(starts_at=start, ends_at=ends, **told))


def _plan_row(number: str, version: int, entered: Any) -> None:
    until = entered("until")
    new = NewSeries(
        name=entered("name") or "",
        every=entered("every") or "",
        starts_at=_start(entered),
        until=until if isinstance(until, date) else clock.today(),
        minutes=entered("minutes") or 60,
        venue=entered("venue"),
        place=entered("place") or "",
        skip_holidays=bool(entered("skip")),
    )
    saving.save(series.plan, number, version, new)


def _count_one(number: str, version: int, entered: Any) -> None:
    told = {code: entered(f"present-{code}") for code in vocabulary.codes("participant")}
    present = {code: many for code, many in told.items() if many is not None}
    saving.save(occasions.count, number, version, int(entered("which") or 0), present)


def _move_one(number: str, version: int, entered: Any) -> None:
    start = _start(entered)
    ends = start + timedelta(minutes=entered("minutes") or 60)
    saving.save(occasions.move, number, version, int(entered("which") or 0), start, ends)


def _call_off(number: str, version: int, entered: Any) -> None:
    saving.save(occasions.call_off, number, version, int(entered("which") or 0), entered("reason") or "")


_ACTS = {"one": _plan_one, "row": _plan_row, "count": _count_one, "move": _move_one, "off": _call_off}
