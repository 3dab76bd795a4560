"""An anchor on paper: what is typed comes back, and every slip is told by its group."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.keep import anchor_text
from services.keep.anchor_text import _SIGNS, HEAD_BITS, Anchor
from services.system.errors import Refused

HEADS = st.integers(0, 2**HEAD_BITS - 1)
MINUTES = st.integers(0, 2**28 - 1).map(lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ANCHORS = st.builds(Anchor, st.integers(0, 2**40 - 1), st.integers(0, 2**36 - 1), MINUTES, HEADS, HEADS)


@given(ANCHORS)
def test_what_is_printed_is_read_again(anchor: Anchor) -> None:
    assert anchor_text.read(anchor.text) == anchor
    assert [len(group) for group in anchor.text.split("-")] == [6] * 16


@given(ANCHORS)
def test_it_may_be_typed_in_any_way_that_people_type(anchor: Anchor) -> None:
    typed = anchor.text.lower().replace("-", " \n", 3).replace("0", "o").replace("1", "l").replace("-", "—")
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in anchor.text)
    assert anchor_text.read(typed) == anchor_text.read(wide) == anchor


@given(ANCHORS, st.integers(0, 95), st.sampled_from(_SIGNS))
def test_one_wrong_sign_is_told_by_its_group(anchor: Anchor, at: int, sign: str) -> None:
    plain = anchor.text.replace("-", "")
    if plain[at] == sign:
        return
    with pytest.raises(Refused, match=rf"Group {at // 6 + 1} of the anchor"):
        anchor_text.read(plain[:at] + sign + plain[at + 1 :])


@given(ANCHORS, st.integers(0, 15), st.integers(0, 4))
def test_two_signs_that_changed_places_are_told_by_their_group(anchor: Anchor, group: int, at: int) -> None:
    signs, first = list(anchor.text.replace("-", "")), group * 6 + at
    if signs[first] == signs[first + 1]:
        return
    signs[first], signs[first + 1] = signs[first + 1], signs[first]
    with pytest.raises(Refused, match=rf"Group {group + 1} of the anchor"):
        anchor_text.read("".join(signs))


@given(ANCHORS, st.integers(0, 14))
def test_two_groups_that_changed_places_are_told(anchor: Anchor, at: int) -> None:
    groups = anchor.text.split("-")
    groups[at], groups[at + 1] = groups[at + 1], groups[at]
    with pytest.raises(Refused, match=rf"Group {at + 1} of the anchor"):
        anchor_text.read("-".join(groups))


def test_a_sign_too_few_is_told_by_its_group() -> None:
    groups = Anchor(1, 2, datetime(2026, 1, 1, tzinfo=UTC), 3, 4).text.split("-")
    groups[4] = groups[4][:-1]
    with pytest.raises(Refused, match="Group 5 of the anchor"):
        anchor_text.read("-".join(groups))


@pytest.mark.parametrize("typed", ["", "hello", "20000A-07ZG0K", "今天"])
def test_what_is_no_anchor_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="16 groups"):
        anchor_text.read(typed)
