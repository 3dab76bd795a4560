"""A ledger with points, areas, units and dates, such as an office exports, in any length: for measuring imports."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

from services.rules import categories
from services.words import vocabulary

_HEADER = "工单编号,标题,诉求内容,受理时间,办结时间,办结时限,办理状态,类别,来源,所属网格,承办单位,地址,经度,纬度,满意度"
_SOURCES = ("12345热线", "网格巡查", "居民反映")
_UNITS = ("街道城管中队", "市政维护所", "供水服务站", "环卫作业站")
_ANSWERS = ("满意", "基本满意", "不满意", "")
_WEST, _SOUTH, _WIDE, _HIGH = 112.9757, 28.1502, 0.0062, 0.0034
# Over twenty years, so that not every second row comes back at its own place.
_FIRST, _MINUTES = datetime(2006, 1, 1), 10_500_000


def write(path: Path, rows: int) -> Path:
    """Write ``rows`` rows over the ground of the demo place; the same rows every time."""
    chance = random.Random(3)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER.split(","))
        writer.writerows(_row(chance, number) for number in range(rows))
    return path


def _row(chance: random.Random, number: int) -> list[str]:
    kind = vocabulary.term("category", chance.choice(list(categories.categories())), "zh_CN")
    opened = _FIRST + timedelta(minutes=chance.randrange(_MINUTES))
    closed = opened + timedelta(minutes=chance.randrange(20_000))
    words = f"居民反映小区内{kind}，影响出行和休息，希望有关部门尽快到场核实处理，编号{number}。"
    return [
        f"GD{number:08d}",
        f"{kind}，请尽快处理",
        words,
        f"{opened:%Y-%m-%d %H:%M:%S}",
        f"{closed:%Y-%m-%d %H:%M:%S}",
        f"{opened + timedelta(days=7):%Y-%m-%d}",
        "已办结",
        kind,
        chance.choice(_SOURCES),
        "第一网格",
        chance.choice(_UNITS),
        f"赤岭路{chance.randrange(300)}号",
        f"{_WEST + chance.random() * _WIDE:.6f}",
        f"{_SOUTH + chance.random() * _HIGH:.6f}",
        chance.choice(_ANSWERS),
    ]
