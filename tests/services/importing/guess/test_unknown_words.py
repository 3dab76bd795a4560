from pathlib import Path

import pytest
from sqlmodel import Session, select

from models.area import Area
from models.category import LocalCategory
from models.importing import SavedMapping
from models.place import Place
from services.importing.batch import batches
from services.importing.cells import date_orders
from services.importing.guess import saved_mappings, unknown_words
from services.importing.guess.unknown_words import Word
from services.importing.source.source import open_source
from services.places.place_from_name import NewPlace, create_place
from services.rights.permissions import Actor
from services.rules.categories import categories
from services.system import db
from services.system.errors import NotFound, Refused
from services.words import own_categories, vocabulary
from tests.services.importing.ledgers import ADMIN, COLUMNS, bring, everything, file, ledger, told


@pytest.fixture(autouse=True)
def ground(session: Session, place: Place) -> Place:
    """A loaded place, and nobody who holds the database."""
    session.rollback()
    return place


def _unknown(folder: Path, *changes: dict[str, str]) -> dict[str, list[Word]]:
    with open_source(file(folder, ledger(*changes))) as source, db.reading() as session:
        return unknown_words.unknown_words(session, source, 0, told())


def test_what_is_known_is_not_asked_for(tmp_path: Path) -> None:
    known = {"单位": "街道城管中队", "状态": "结案", "类别": "Noise", "来源": "12345热线", "网格": "第三网格"}
    assert _unknown(tmp_path, {"单位": ""}, known) == {}


def test_an_unknown_word_is_listed_once_with_what_it_is_nearest_to(tmp_path: Path) -> None:
    odd = {
        "类别": "路灯问题",
        "状态": "流程已办结归口",
        "来源": "来自火星",
        "单位": "街道城管中队队",
        "网格": "第三个网格",
    }
    found = _unknown(tmp_path, odd, odd, {**odd, "类别": "外星人"})
    assert found["category"] == [Word("路灯问题", 2, "01037"), Word("外星人", 1, "+")]
    assert found["status"] == [Word("流程已办结归口", 3, "closed")]
    assert found["source"] == [Word("来自火星", 3, "import")]
    assert found["unit"] == [Word("街道城管中队队", 3, "CL-O-CG")]
    assert found["grid"] == [Word("第三个网格", 3, "CL-G3")]


def test_with_every_suggestion_taken_the_file_goes_in(tmp_path: Path) -> None:
    rows = ledger({"类别": "外星人", "来源": "火星", "状态": "已经结案了"}, {"类别": "外星人"})
    with open_source(file(tmp_path, rows)) as source:
        with db.reading() as session:
            mapping = unknown_words.settled(told(), unknown_words.unknown_words(session, source, 0, told()))
        report = batches.run(ADMIN, source, 0, mapping)
    assert (report.new, report.refused, report.made["category"]) == (2, 0, 1)


def test_an_own_category_is_a_category_everywhere(tmp_path: Path) -> None:
    bring(tmp_path, ledger({"类别": "外星人"}), told(values={"category": {"外星人": "+"}}))
    assert categories()["95001"].local
    assert "95001" in vocabulary.codes("category")
    assert [vocabulary.term("category", "95001", language) for language in vocabulary.LANGUAGES] == ["外星人"] * 2
    assert _unknown(tmp_path, {"单位": "", "类别": "外星人"}) == {}


def test_an_own_category_of_another_process_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "95001" not in categories()
    with db.writing() as session:
        own_categories.make(session, "违建", "Illegal building", "test")
    assert "95001" not in categories()
    monkeypatch.setattr(own_categories, "_SECONDS", 0.0)
    assert "95001" in categories()
    with db.writing() as session:
        for category in session.exec(select(LocalCategory)):
            session.delete(category)
    assert "95001" not in categories()
    own_categories.forget()


def test_a_mapping_is_saved_found_and_forgotten() -> None:
    with db.writing() as session:
        saved_mappings.save(session, ADMIN, " 街道台账 ", told())
        saved_mappings.save(session, ADMIN, "街道台账", told(public=True))
    with db.writing() as session:
        assert [found.name for found in saved_mappings.saved(session, ADMIN, "matters")] == ["街道台账"]
        found = saved_mappings.load(session, "街道台账")
        assert (found.options.public, found.name, found.columns) == (True, "街道台账", COLUMNS)
        assert saved_mappings.saved(session, ADMIN, "areas") == []
        saved_mappings.remove(session, ADMIN, "街道台账")
    assert everything(SavedMapping) == []


def test_a_mapping_of_another_place_is_neither_seen_nor_changed_nor_removed(session: Session, place: Place) -> None:
    path = session.get_one(Area, place.area_id).path
    session.rollback()
    here, elsewhere = Actor(None, "h", "staff", path), Actor(None, "e", "staff", "elsewhere/")
    with db.writing() as writing:
        saved_mappings.save(writing, here, "街道台账", told())
    with db.reading() as reading:
        assert [one.name for one in saved_mappings.saved(reading, here, "matters")] == ["街道台账"]
        assert saved_mappings.saved(reading, elsewhere, "matters") == []
        with pytest.raises(NotFound):
            saved_mappings.remove(reading, elsewhere, "街道台账")
        with pytest.raises(Refused, match="may not do this"):
            saved_mappings.save(reading, elsewhere, "街道台账", told())
    _make_another_place()
    with db.reading() as reading, pytest.raises(Refused, match="mapping of another place"):
        saved_mappings.save(reading, Actor(None, "e", "staff", "EW/"), "街道台账", told("elsewhere"))
    with db.writing() as writing:
        saved_mappings.save(writing, ADMIN, "还没有的地方", told("not_yet"))


def _make_another_place() -> None:
    with db.writing() as session:
        create_place(session, ADMIN, NewPlace("elsewhere", "别处", "EW", "street"))


def test_a_mapping_that_can_not_be_kept_is_refused() -> None:
    with db.reading() as session:
        for name, words_ in (("", "Enter a name"), ("长" * 49, "characters long"), ("pingshan_2018", "of the program")):
            with pytest.raises(Refused, match=words_):
                saved_mappings.save(session, ADMIN, name, told())
        with pytest.raises(Refused, match="may not do this"):
            saved_mappings.save(session, Actor(None, "x", "viewer"), "x", told())
        with pytest.raises(NotFound):
            saved_mappings.load(session, "nothing")
        with pytest.raises(NotFound):
            saved_mappings.remove(session, ADMIN, "nothing")


def test_dates_that_could_be_either_are_asked_for_only_then(tmp_path: Path) -> None:
    vague = {"受理时间": "03/04/2026", "办结时间": "05/06/2026", "期限": ""}
    with pytest.raises(Refused, match="month first or day first"):
        bring(tmp_path, ledger(vague), told())
    assert bring(tmp_path, ledger(vague), told(date_format="dmy")).new == 1
    assert bring(tmp_path, ledger(vague, {**vague, "办结时间": "04/13/2026"}), told(ledger="b")).new == 2
    with open_source(file(tmp_path, ledger({**vague, "办结时间": "04/03/2026"}, vague))) as source:
        assert date_orders.order(source, 0, told()) == "mdy"
