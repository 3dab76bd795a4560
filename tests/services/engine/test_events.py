import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.system import hash_chain
from services.system.settings import settings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(JSON, min_size=1, max_size=4), st.data())
def test_any_changed_field_changes_the_digest(fields: list[object], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(fields) - 1))
    other = data.draw(JSON.filter(lambda value: repr(value) != repr(fields[at])))
    assert hash_chain.digest("", *fields) != hash_chain.digest("", *fields[:at], other, *fields[at + 1 :])


@given(st.text(), st.text(min_size=1))
def test_fields_do_not_run_into_each_other(one: str, two: str) -> None:
    assert hash_chain.digest("", one, two) != hash_chain.digest("", one + two, "")


def test_the_digest_covers_the_one_before() -> None:
    assert hash_chain.digest("a", "x") != hash_chain.digest("b", "x")


def test_the_order_of_keys_does_not_matter() -> None:
    assert hash_chain.digest("", {"a": 1, "b": 2}) == hash_chain.digest("", {"b": 2, "a": 1})


def test_without_the_key_nobody_can_write_a_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_chain.digest("", "x")
    monkeypatch.setenv("MULIN_KEY", "another key of more than thirty-two characters")
    settings.cache_clear()
    try:
        assert hash_chain.digest("", "x") != before
    finally:
        monkeypatch.undo()
        settings.cache_clear()
