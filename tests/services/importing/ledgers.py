"""Ledgers for tests: rows as changes to a good one, written as a file, read and imported as an office would."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, select

from services.importing.batch import batches
from services.importing.job.reports import Report
from services.importing.mapping.mapping import Mapping, read
from services.importing.source.source import open_source
from services.rights.permissions import Actor
from services.system import db

ADMIN = Actor(None, "tester", "admin")
Importer = Callable[..., Report]

GOOD = {
    "工单编号": "1",
    "标题": "路灯不亮",
    "内容": "3栋前的路灯坏了",
    "受理时间": "2026-03-01 09:00",
    "办结时间": "2026-03-02 10:00",
    "期限": "2026-03-05",
    "状态": "已办结",
    "类别": "路灯",
    "来源": "网格巡查",
    "网格": "第一网格",
    "单位": "物业公司",
    "经度": "",
    "纬度": "",
}
FIELDS = (
    "ref",
    "title",
    "description",
    "opened",
    "closed",
    "due",
    "status",
    "category",
    "source",
    "grid",
    "unit",
    "lng",
)
COLUMNS = {field: [column] for field, column in zip((*FIELDS, "lat"), GOOD, strict=True)}


def told(place: str = "chilinglu", **options: Any) -> Mapping:
    """The mapping of the good row."""
    values = options.pop("values", {})
    columns = options.pop("columns", COLUMNS)
    return read(
        {
            "kind": "matters",
            "place": place,
            "columns": columns,
            "values": values,
            "options": {"ledger": "test", **options},
        }
    )


def file(folder: Path, rows: list[dict[str, str]], encoding: str = "utf-8", name: str = "ledger.csv") -> Path:
    """Rows as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def ledger(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Good rows with a number each, and the changes asked for."""
    return [{**GOOD, "工单编号": str(at), **change} for at, change in enumerate(changes, 1)]


def bring(folder: Path, rows: list[dict[str, str]], mapping: Mapping, actor: Actor = ADMIN, **options: Any) -> Report:
    """Import rows as a file."""
    with open_source(file(folder, rows)) as source:
        return batches.run(actor, source, 0, mapping, **options)


def everything(model: type[SQLModel]) -> list[Any]:
    """All rows of a table, oldest first."""
    with db.reading() as session:
        key = next(iter(model.__table__.primary_key))  # type: ignore[attr-defined]
        return list(session.exec(select(model).order_by(key)))
