import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from services.words.cleaning import clean


@given(st.text())
def test_what_is_left_can_be_stored_and_shown(typed: str) -> None:
    kept = clean(typed)
    kept.encode()
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in kept)
    assert not any(unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI"} for sign in kept)
    assert clean(kept) == kept


def test_words_lines_and_tabs_stay() -> None:
    assert clean(" Lamp\r\n\tout \u202e\u2066\u200f\ud8001\x00\x85 ") == "Lamp\n\tout 1"
    assert clean("é 👨\u200d👩\u200d👧") == "é 👨\u200d👩\u200d👧".strip()
    assert clean(None) == ""
