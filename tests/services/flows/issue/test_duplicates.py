"""Duplicates: the same thing told in other words is found, another thing in the same phrases is not."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import Session, col, select

from models.area import Area
from models.matter import Link, Matter
from models.place import Place
from services.engine import events, workflow
from services.flows.issue import duplicates, issues, place_words, similarity
from services.flows.issue.issues import NewIssue
from services.places import areas
from services.rights.permissions import Actor
from services.system import clock, db
from services.system.errors import Refused
from tests.complaints import ESTATES, TROUBLES, Trouble, complaints, elsewhere, spot_of, told
from tests.databases import template

Actors = Callable[[str], Actor]


def _strangers(chance: Random, estates: list[Area]) -> Iterator[tuple[NewIssue, timedelta]]:
    """Some hundred complaints that have nothing to do with one another, and how long ago each was raised."""
    for title, description in complaints(chance, 120):
        entered = NewIssue(title=title, description=description, area_id=chance.choice(estates).id)
        yield entered, timedelta(days=chance.random() * 20)


@template("town", on="place")
def _settle() -> None:
    with db.writing() as session:
        root = session.get_one(Area, session.exec(select(Place.area_id)).one())
        secretary = Actor(None, "secretary", "secretary", root.path, root.id)
        for entered, ago in _strangers(Random(9), areas.descend(session, root.path, "estate")):
            issues.create(session, secretary, entered, clock.now() - ago)


class Town:
    """A place where the strangers have been raised, and what else a test raises there."""

    def __init__(self, session: Session, place: Place, actor: Actor) -> None:
        self.session, self.place, self.actor, self.chance = session, place, actor, Random(9)
        root = session.get_one(Area, place.area_id)
        self.estates = areas.descend(session, root.path, "estate")
        assert len(list(_strangers(self.chance, self.estates))) == len(session.exec(select(Matter.id)).all())

    def raised(self, entered: NewIssue) -> Matter:
        return issues.create(self.session, self.actor, entered, clock.now() - timedelta(days=self.chance.random() * 20))

    def entry(self, trouble: Trouble, estate: str, spot: str, how: str, at: int = 0) -> NewIssue:
        title, description = told(self.chance, trouble, estate, spot, named=1.0)
        area = self.estates[ESTATES.index(estate) % len(self.estates)]
        if how == "text":
            return NewIssue(title=title, description=description, area_id=self.place.area_id)
        if how == "area":
            return NewIssue(title=title, description=description, area_id=area.id)
        inside = self.session.get_one(Area, area.id)
        assert inside.lng is not None and inside.lat is not None
        point = inside.lng + at / 100_000, inside.lat
        return NewIssue(title=title, description=description, area_id=area.id, lng=point[0], lat=point[1])

    def found(self, entered: NewIssue) -> list[str]:
        return [one.matter.number for one in duplicates.of_entry(self.session, self.actor, entered)]


@pytest.fixture
def town(session: Session, place: Place, actor: Actors) -> Town:
    return Town(session, place, actor("secretary"))


@dataclass
class Tally:
    right: int = 0
    missed: int = 0
    wrong: int = 0
    told_apart: int = 0

    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)


@pytest.mark.parametrize("how", ["point", "area", "text"])
def test_precision_and_recall_on_labelled_complaints(town: Town, how: str) -> None:
    tally, chance = Tally(), town.chance
    for _ in range(25):
        trouble, estate, spot = chance.choice(TROUBLES), chance.choice(ESTATES), spot_of(chance)
        there = town.raised(town.entry(trouble, estate, spot, how))
        again = town.found(town.entry(trouble, estate, spot, how, at=5))
        tally.right += there.number in again
        tally.missed += there.number not in again
        other = chance.choice([one for one in TROUBLES if one is not trouble])
        away = chance.choice([one for one in ESTATES if one != estate])
        for different in (
            town.entry(other, estate, spot, how, at=5),
            town.entry(trouble, away, spot, how, at=5000),
            town.entry(trouble, estate, elsewhere(chance, spot), how, at=2500),
        ):
            wrong = there.number in town.found(different)
            tally.wrong += wrong
            tally.told_apart += not wrong
    sys.stdout.write(f"{how}: precision {tally.precision():.2f}, recall {tally.recall():.2f}, {tally}\n")
    assert tally.recall() >= 0.85 and tally.precision() >= 0.7
    assert tally.told_apart >= 60


REWRITTEN = [
    (
        "锦绣花园3栋楼下路灯坏了",
        "市民来电反映锦绣花园3栋楼下路灯坏了一周，晚上漆黑一片，希望相关部门处理。",
        "锦绣花园三栋门前的路灯不亮",
        "好几天了，夜间出行很不方便，请尽快维修。",
    ),
    (
        "和平路5号餐馆油烟直排",
        "来电人称和平路5号楼下餐馆油烟直排扰民，请相关部门核实处理。",
        "和平路5号楼下餐饮店油烟大",
        "油烟飘进家里，影响楼上居民，望有关部门予以解决。",
    ),
    (
        "翠湖苑2栋电梯停运",
        "群众投诉翠湖苑2栋电梯停运三天，老人上下楼困难。",
        "翠湖苑二栋电梯坏了没人修",
        "居民反映：电梯坏了三天，老人下不了楼，要求尽快处理。",
    ),
]
BOILERPLATE = [
    (
        "反映噪音问题",
        "市民来电反映夜间施工噪音，希望相关部门处理。",
        "反映垃圾问题",
        "市民来电反映垃圾桶满溢，希望相关部门处理。",
    ),
    (
        "咨询居住证",
        "市民来电咨询居住证办理，请相关部门核实处理并回复，谢谢！",
        "咨询社保卡",
        "市民来电咨询社保卡补办，请相关部门核实处理并回复，谢谢！",
    ),
    (
        "路面破损",
        "已多次反映未解决，严重影响居民正常生活，存在安全隐患。",
        "电梯困人",
        "已多次反映未解决，严重影响居民正常生活，存在安全隐患。",
    ),
]


@pytest.mark.parametrize(("title", "story", "again", "told_anew"), REWRITTEN)
def test_the_same_complaint_rewritten_is_found_without_any_place(
    town: Town, title: str, story: str, again: str, told_anew: str
) -> None:
    there = town.raised(NewIssue(title=title, description=story, area_id=town.place.area_id))
    assert there.number in town.found(NewIssue(title=again, description=told_anew, area_id=town.place.area_id))


@pytest.mark.parametrize(("title", "story", "other", "told_of_it"), BOILERPLATE)
def test_the_phrases_of_every_complaint_make_no_duplicate(
    town: Town, title: str, story: str, other: str, told_of_it: str
) -> None:
    there = town.raised(NewIssue(title=title, description=story, area_id=town.place.area_id))
    assert there.number not in town.found(NewIssue(title=other, description=told_of_it, area_id=town.place.area_id))


def test_it_says_why(town: Town) -> None:
    entered = town.entry(TROUBLES[0], ESTATES[0], "3栋楼下", "point").model_copy(update={"category": "01037"})
    with clock.pretending(clock.now() - timedelta(days=4)):
        there = issues.create(town.session, town.actor, entered)
    moved = entered.model_copy(update={"lng": (entered.lng or 0) + 0.0001})
    why = next(one.why for one in duplicates.of_entry(town.session, town.actor, moved) if one.matter is there)
    assert why.metres is not None and 8 < why.metres < 12
    assert (why.days, why.same_category) == (4, True)
    assert why.words and all(word in similarity.told(entered.title, entered.description) for word in why.words)


def test_what_was_told_apart_or_is_long_closed_is_not_proposed_again(town: Town) -> None:
    entered = town.entry(TROUBLES[1], ESTATES[1], "5栋楼下", "point")
    first, second = (issues.create(town.session, town.actor, entered) for _ in range(2))
    assert first.number in [one.matter.number for one in duplicates.of_matter(town.session, town.actor, second)]
    duplicates.distinguish(town.session, town.actor, second.number, second.version, first.number)
    for one, other in ((first, second), (second, first)):
        assert other.number not in [hit.matter.number for hit in duplicates.of_matter(town.session, town.actor, one)]
    assert events.history(town.session, second.id)[-1].action == "distinct"
    assert town.session.exec(select(Link.kind).where(Link.source_id == second.id)).all() == ["not_duplicate"]
    first.is_open, first.state, first.closed_at = False, "closed", clock.now() - timedelta(days=29)
    assert first.number in town.found(entered)
    first.closed_at = clock.now() - timedelta(days=31)
    assert first.number not in town.found(entered)
    with pytest.raises(Refused, match="Choose another issue"):
        duplicates.distinguish(town.session, town.actor, second.number, second.version, second.number)


def test_nobody_is_shown_what_lies_outside_their_area(town: Town) -> None:
    entered = town.entry(TROUBLES[2], ESTATES[2], "5栋楼下", "area")
    there = issues.create(town.session, town.actor, entered)
    assert there.number in town.found(entered)
    other = next(one for one in town.estates if one.id != entered.area_id)
    elsewhere_only = Actor(None, "narrow", "staff", other.path, other.id)
    assert duplicates.of_entry(town.session, elsewhere_only, entered) == []


def test_the_same_thing_is_merged_at_once_or_left_as_a_note(town: Town, actor: Actors) -> None:
    entered = town.entry(TROUBLES[3], ESTATES[3], "7栋楼下", "point")
    there = issues.create(town.session, town.actor, entered)
    assert duplicates.hand_in_same(town.session, actor("staff"), entered, there.number) is there
    assert events.history(town.session, there.id)[-1].action == "absorb"
    newest = town.session.exec(select(Matter).order_by(col(Matter.id).desc())).first()
    assert newest is not None and newest.state == "merged"
    duplicates.hand_in_same(town.session, actor("grid_worker"), entered, there.number)
    said = events.history(town.session, there.id)[-1]
    assert said.action == "note" and entered.title in said.note
    made = duplicates.hand_in(town.session, actor("grid_worker"), entered, [there.number])
    known = [one.matter.number for one in duplicates.of_matter(town.session, town.actor, made)]
    assert made.state == "submitted" and there.number not in known
    with pytest.raises(Refused):
        workflow.move(town.session, actor("grid_worker"), made.number, "merge", made.version, {})


@pytest.mark.parametrize("title", ["", " ", "\x00", "😀", "a" * 120, '"*', "，。", "3栋"])
def test_anything_may_be_typed(town: Town, title: str) -> None:
    assert len(town.found(NewIssue(title=title, area_id=town.place.area_id))) <= duplicates.SHOWN
    assert town.found(NewIssue(title=title)) == []


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("3栋楼下", "三号楼旁", 1),
        ("十二栋", "12幢", 1),
        ("3栋", "5栋", -1),
        ("南门口", "北门对面", -1),
        ("南门口", "5栋", -1),
        ("锦绣花园路灯", "和平里小区路灯", -1),
        ("锦绣花园路灯", "锦绣花园井盖", 0.5),
        ("我们小区", "本小区", 0),
        ("路灯", "3栋", 0),
    ],
)
def test_spots_agree_or_do_not(one: str, other: str, said: float) -> None:
    assert place_words.agree(place_words.marks(one), place_words.marks(other)) == said
