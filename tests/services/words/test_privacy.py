"""Personal numbers, however they are written; and what only looks like one."""

from pathlib import Path

import pytest

from services.words import local_files
from services.words.privacy import for_public, found_in, masked

ID = "430103199001011234"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("3栋路灯不亮", []),
        ("联系电话13812345678", ["telephone"]),
        ("电话 138 1234 5678", ["telephone"]),
        ("座机0731-85551234", ["telephone"]),
        ("身份证430103199001011234", ["identity"]),
        ("尾号43010319900101123x", ["identity"]),
        ("湘A12345占道", ["plate"]),
        ("湘AD12345新能源", ["plate"]),
        ("编号CL-2026-000017", []),
        ("金额510000元", []),
        ("2026-11-22 19:00", []),
        ("订单号4301031990010112345678", []),
    ],
)
def test_personal_numbers_are_found(text: str, kinds: list[str]) -> None:
    assert found_in(text) == kinds


@pytest.mark.parametrize(
    "number",
    [
        "１３８１２３４５６７８",
        "壹叁捌壹贰叁肆伍陆柒捌",
        "壹參捌壹貳參肆伍陸柒捌",
        "幺三八 1234 五六七八",
        "一三八-一二三四-五六七八",
        "一 三 八 一 二 三 四 五 六 七 八",
        "+8613812345678",
        "+86 138-1234-5678",
        "008613812345678",
        "86 13812345678",
        "138 123 45678",
        "138  1234  5678",
        "138.1234.5678",
        "138·1234·5678",
        "（138）12345678",
        "138—1234—5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "13 81 23 45 67 8",
        "1\u200b3812345678",
        "\u0661\u0663\u0668\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "一三八一二三四五六七八",
        "13812３45678",
        "①③⑧①②③④⑤⑥⑦⑧",
        "013812345678",
        "073185551234",
        "0731 8555 1234",
        "(0731)85551234",
        "（0731） 8555-1234",
        "01085551234",
        "+86-731-85551234",
        "+852 9123 4567",
        "电话：85551234",
        "电话8555-1234",
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(number: str) -> None:
    text = f"请联系{number}，谢谢"
    assert found_in(text) == ["telephone"]
    assert not any(sign.isdecimal() for sign in masked(text))
    assert masked(text).startswith("请联系") and masked(text).endswith("，谢谢")


@pytest.mark.parametrize(
    "number",
    [
        ID,
        "43010319900101123Ｘ",
        "４３０１０３１９９００１０１１２３４",
        "430103 19900101 1234",
        "430103-19900101-123X",
        "430103 1990 0101 123 X",
        "4301 0319 9001 0112 34",
        "430103900101123",
        "430103 900101 123",
        "43010319900101123x",
    ],
)
def test_an_identity_number_is_found_however_it_is_written(number: str) -> None:
    text = f"姓名后为{number}。"
    assert found_in(text) == ["identity"]
    assert masked(text) == for_public(text) == "姓名后为***。"


@pytest.mark.parametrize(
    "text",
    [
        "请拨12345或110",
        "热线0731-12345",
        "2026-11-22 19:00至21:00，3栋2单元",
        "2026年11月28日，预算13,812,345,678元",
        "112.979306, 28.153421",
        "26.123456789 米",
        "会议编号 20261128001",
        "1990-01-01 至 2026-11-28",
        "工单 202611281234567",
        "客服400-123-4567",
        "三楼二单元一〇一室",
        "第15期 2026-11-28 3人",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found_in(text) == [] and for_public(text) == text


def test_each_of_several_numbers_is_hidden_and_the_rest_stays() -> None:
    text = f"2026-11-28 13812345678或139 8765 4321，证{ID}，车湘A12345，拨12345"
    assert masked(text) == "2026-11-28 ***或***，证***，车湘A12345，拨12345"
    assert for_public(text).endswith("车***，拨12345")


def test_a_place_may_name_the_numbers_of_its_own_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from services.system.settings import settings

    (tmp_path / "hotlines.csv").write_text("number\n0731-85551234\n", encoding="utf-8")
    monkeypatch.setenv("MULIN_LOCAL_FOLDER", str(tmp_path))
    settings.cache_clear()
    local_files.forget()
    assert found_in("值班（0731）8555 1234") == [] and found_in("0731-85551235") == ["telephone"]
    monkeypatch.undo()
    settings.cache_clear()
    local_files.forget()


def test_what_was_entered_is_looked_through_to_its_ends() -> None:
    assert found_in({"note": "x", "rows": [{"text": "１３８１２３４５６７８"}]}) == ["telephone"]
