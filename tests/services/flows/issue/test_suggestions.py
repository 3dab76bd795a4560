"""Suggestions: seed words lead at the start, staff teach, and "not sure" is said honestly."""

import time
from collections.abc import Callable
from random import Random

import pytest
from sqlmodel import Session, select

from models.category import CategoryWord
from models.matter import Matter
from models.place import Place
from services.engine import workflow
from services.flows.issue import accuracy, category_model, issues, suggestions
from services.flows.issue.accuracy import Sample
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.rules.rules import rule
from services.system.data_files import rows
from services.system.settings import DATA
from tests.complaints import TROUBLES, complaints, spot_of, told

Actors = Callable[[str], Actor]


def test_every_category_has_seed_words_and_every_seed_word_a_category() -> None:
    told_of = {row["code"] for row in rows("category_words.csv")}
    assert told_of == {row["code"] for row in rows("categories.csv")}
    assert all(row["weight"] in ("1", "2", "3") and row["words"] for row in rows("category_words.csv"))


def test_the_standard_has_its_46_codes_and_local_ones_lie_beside_them() -> None:
    standard = [one for one in categories().values() if not one.local]
    assert len(standard) == 46 and {one.mark for one in standard} == {"S"}
    assert all(one.code < "12000" for one in standard)
    assert all("90000" <= row["code"] < "95000" for row in rows("categories.csv") if row["local"])


def test_seed_words_alone_are_mostly_right_and_right_when_sure() -> None:
    samples = rows("demo/issues.csv", DATA / "places" / "chilinglu")
    right, first_three, sure = 0, 0, []
    for row in samples:
        words = f"{row['title']}\n{row['description']}".replace("{estate}", "锦绣花园").replace("{building}", "3栋")
        found = category_model.suggest(words, {}, tuple(categories()))
        codes = [one.code for one in found]
        right += codes[:1] == [row["category"]]
        first_three += row["category"] in codes
        if found and found[0].share >= rule("suggest.sure").value:
            sure.append(codes[0] == row["category"])
    assert right >= 0.8 * len(samples) and first_three >= 0.9 * len(samples)
    assert len(sure) >= 0.5 * len(samples) and sum(sure) >= 0.9 * len(sure)


@pytest.mark.parametrize("words", ["", "  ", "，。！", "a", "qqqq wwww", "😀😀", "\x00", "您好谢谢"])
def test_words_that_say_nothing_suggest_nothing_for_sure(session: Session, words: str) -> None:
    assert not suggestions.suggest(session, words).sure


def test_the_words_that_led_there_are_shown(session: Session) -> None:
    found = suggestions.suggest(session, "锦绣花园3栋路灯不亮", "晚上漆黑一片")
    assert found.sure and found.likeliest[0].code == "01037"
    assert "路灯不亮" in found.likeliest[0].words
    assert all(word in "锦绣花园3栋路灯不亮 晚上漆黑一片" for one in found.likeliest for word in one.words)


def test_staff_teach_by_filing_and_unlearn_by_filing_again(session: Session, place: Place, actor: Actors) -> None:
    staff, strange = actor("staff"), "咕噜咕噜"
    assert suggestions.suggest(session, strange).likeliest == ()
    made = [
        issues.create(session, staff, issues.NewIssue(title=f"{strange}{at}", area_id=place.area_id)) for at in range(8)
    ]
    for issue in made:
        workflow.move(session, staff, issue.number, "accept", issue.version, {"category": "06028"})
    session.flush()
    found = suggestions.suggest(session, strange)
    assert found.likeliest[0].code == "06028" and strange in found.likeliest[0].words
    for issue in made:
        suggestions.learn(session, issue, "06028")
    assert _count(session, "咕噜", "06028") == 8
    for issue in made:
        suggestions.learn(session, issue, "90099")
    assert (_count(session, "咕噜", "06028"), _count(session, "咕噜", "90099")) == (0, 8)
    assert _count(session, "", "06028") == 0


def _count(session: Session, gram: str, code: str) -> int:
    session.expire_all()
    found = session.get(CategoryWord, (gram, code))
    return found.n if found else 0


def test_learning_anew_is_what_filing_one_by_one_taught(session: Session, place: Place, actor: Actors) -> None:
    staff, chance = actor("staff"), Random(2)
    for title, description in complaints(chance, 12):
        new = issues.NewIssue(title=title, description=description, area_id=place.area_id)
        issue = issues.create(session, staff, new)
        if chance.random() < 0.8:
            workflow.move(session, staff, issue.number, "accept", issue.version, {"category": "06028"})
    session.flush()
    once = _all(session)
    filed = session.exec(select(Matter).where(Matter.state == "filed")).all()
    assert suggestions.learn_anew(session) == len(filed) and _all(session) == once


def _all(session: Session) -> dict[tuple[str, str], int]:
    session.expire_all()
    return {(row.gram, row.category): row.n for row in session.exec(select(CategoryWord))}


def test_what_was_taught_beats_the_seed_words_on_new_complaints(session: Session) -> None:
    chance = Random(4)
    pairs = [(" ".join(told(chance, one, "幸福小区", spot_of(chance))), one.category) for one in TROUBLES * 40]
    assert suggestions.teach(session, pairs) == len(pairs)
    fresh = [(" ".join(told(chance, one, "翠湖苑", spot_of(chance))), one.category) for one in TROUBLES * 10]
    right = [suggestions.suggest(session, words).likeliest[0].code == code for words, code in fresh]
    assert sum(right) >= 0.95 * len(right)
    began = time.process_time()  # what else the machine does is no matter of ours
    suggestions.suggest(session, *fresh[0])
    assert time.process_time() - began < 1


def test_accuracy_knows_a_leak_from_an_understanding() -> None:
    samples = [
        Sample(f"{'路灯' if at % 2 else '垃圾'}问题{at % 10}", "lamp" if at % 2 else "litter") for at in range(200)
    ]
    by_time, by_wording = accuracy.by_time(samples, 0.6), accuracy.by_wording(samples, 0.6)
    assert (by_time.n, by_wording.n) == (40, 200)
    assert by_time.seen == 1 and by_wording.seen == 0
    assert by_time.accuracy == by_wording.accuracy == by_wording.macro_f1 == accuracy.determined(samples) == 1
    noise = [Sample("一样的话", "a" if at % 4 else "b") for at in range(100)]
    told_apart = accuracy.by_fold(noise, 0.6)
    assert told_apart.accuracy == told_apart.baseline == 0.75 and told_apart.macro_f1 < 0.5
    assert told_apart.worst == (("b", 25, 0, "a"),)
