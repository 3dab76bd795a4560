"""Read the CSV files under data/: header row, UTF-8, one dict a row."""

import csv
from pathlib import Path

from services.system.settings import DATA


def rows(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of ``folder/name``; missing cells are empty strings."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]
