"""Passwords that everybody would try are refused with a way to do better; those by chance pass."""

import random
import string

import pytest
from sqlmodel import Session, select

from models import Account, Area, Organisation, Place
from services.people import personal_words, strength
from services.system.errors import Refused

OWN = ("li.na", "li", "na", "lina", "nali", "李娜", "chilinglu", "changsha")

KNOWN = [
    *("Short1!", "alllowercaseletters", "Dangjian@2026", "Password123!", "Abcd@123456", "Li.na-2026-Li.na", "x" * 201),
    *("Aaaaaaaaaa1", "Hunan@123456", "1qaz@WSX3edc", "Zaq1@wsx2edc3", "!QAZ2wsx#EDC", "5tgb^YHN7ujm", "qazWSX123!@#"),
    *("Qwer!234asdf", "Qwertyuiop1!", "Zxcvbnm,./1A", "1q2w3e4r5T!", "Qwe123!@#asd", "1QAZ!qaz2WSX@wsx"),
    *("P@ssw0rd2026!", "Passw0rd!@#", "Admin@123456", "Admin888888!", "Welcome@2026", "Iloveyou1314!", "Hello@World1"),
    *("Woaini5201314!", "Zhongguo@1949", "Sichuan_123456", "Beijing#2008", "Guangdong@123", "Shequ@2026!!"),
    *(
        "Xiaoming@1990",
        "Zhangsan@123",
        "Wangfang@1988",
        "Liuqiang#0512",
        "Aa123456789!",
        "Qq123456789!",
        "Test@12345678",
    ),
    *(
        "Aa112233445566",
        "Aa!Aa!Aa!Aa!",
        "Abcabcabc123!",
        "Ab12Ab12Ab12",
        "Abc.123.Abc.123",
        "19900101Aa!",
        "13812345678Aa!",
    ),
    *("Ｈｕｎａｎ@１２３４５６", "Spring2026!!", "Mulin#2026#Mulin"),
    *("Xiangjiang@0731", "Tencent.2026"),
]
PERSONAL = [
    *("L.i.n.a.2026", "Li*Na*1990*05", "LI-na_2026-1", "Lina13812345678!", "l1.N@.2026.x", "Nali2026!!!!"),
    *("Chilinglu@2026", "C.hiling.lu1", "Changsha2026!!", "Chang@sha#2026", "2026Changsha.Li.na"),
]


@pytest.mark.parametrize("password", [*KNOWN, *PERSONAL])
def test_what_everybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(Refused) as refused:
        strength.check(password, OWN)
    assert refused.value.message.startswith(("Choose ", "Mix ", "That password "))


@pytest.mark.parametrize("password", PERSONAL)
def test_a_name_of_ones_own_is_said_to_be_one(password: str) -> None:
    with pytest.raises(Refused, match=r"a name that belongs to you|repeats itself|Mix at least"):
        strength.check(password, OWN)


@pytest.mark.parametrize(
    "password",
    ["Kx7!pouring-Rain", "correct-Horse-9-battery", "雨后Changfeng7!", "Another#Long-1ne", "Violet-Kettle-48-Raft"],
)
def test_strong_passwords_pass(password: str) -> None:
    strength.check(password, OWN)


def test_what_a_machine_makes_by_chance_passes() -> None:
    chance = random.Random(8)
    letters = string.ascii_letters + string.digits + "!@#$%^&*-_.?"
    made = ["Aa1!" + "".join(chance.choices(letters, k=10)) for _ in range(200)]
    refused = 0
    for password in made:
        try:
            strength.check(password, OWN)
        except Refused:
            refused += 1
    assert refused <= 2


def test_a_long_one_is_judged_at_once() -> None:
    strength.check("Violet-Kettle-48-" + "ab1!" * 45, OWN)


@pytest.mark.usefixtures("place")
def test_the_words_of_a_person_are_those_of_the_place_too(session: Session) -> None:
    grid = session.exec(select(Area).where(Area.code == "CL-G1")).one()
    unit = session.exec(select(Organisation).where(Organisation.code == "CL-O-CG")).one()
    account = Account(login="wang.x-wei", name="王小伟", role="staff", area_id=grid.id, organisation_id=unit.id)
    found = personal_words.of(session, account)
    place = session.exec(select(Place)).one()
    assert {"wangxwei", "wang", "wei", "王小伟", "wangxiaowei", "xiaoweiwang", place.slug, place.name} <= found
    assert {"chilinglu", "changsha", "tianxin", "长沙市"} <= found and unit.name.casefold() in found
    for password in ("Wang.Xiao.Wei.88", "XiaoweiWang#1988", "Tianxin@Wang1", "Wangxwei2026!", "Changshashi@8"):
        with pytest.raises(Refused):
            strength.check(password, found)
