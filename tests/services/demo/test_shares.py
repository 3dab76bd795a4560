from collections import Counter
from random import Random

from services.demo.shares import Shares


def test_shares_are_met_by_any_sample_and_debts_are_paid() -> None:
    dealt = Shares(Random(1), {"often": 0.7, "rarely": 0.3})
    drawn = Counter(dealt.draw() for _ in range(50))
    assert abs(drawn["rarely"] - 15) <= 2
    assert [dealt.draw(("often",)) for _ in range(20)] == ["often"] * 20
    assert Counter(dealt.draw() for _ in range(30))["rarely"] >= 13
