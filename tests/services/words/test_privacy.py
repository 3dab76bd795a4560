import pytest

from services.words.privacy import found_in


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
