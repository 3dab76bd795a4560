"""Reading a plan: each value by its key, and a sentence that says what to write where one is missing or wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.places.drawing.curves import Spot
from services.system.errors import Refused

FILE = "plan.toml"
_NUMBER = (int, float)


@dataclass(frozen=True)
class Table:
    """A table of ``plan.toml`` under its name; the whole file has none."""

    name: str
    told: Mapping[str, Any]

    @property
    def keys(self) -> list[str]:
        """What is written in it, in the order of the file."""
        return list(self.told)

    def has(self, key: str) -> bool:
        """Whether it says something under this key."""
        return key in self.told

    def only(self, known: Iterable[str]) -> None:
        """Refuse a key that nothing reads: it is mostly a slip of the pen."""
        for key in self.told:
            if key not in known:
                raise Refused(
                    "{file}: {key} means nothing here. Write one of: {known}.",
                    file=FILE,
                    key=self._called(key),
                    known=", ".join(known),
                )

    def table(self, key: str) -> "Table":
        """The table under a key; an empty one when it is not there."""
        found = self.told.get(key, {})
        if not isinstance(found, dict):
            raise self._write(key, f"[{self._called(key)}]")
        return Table(self._called(key), found)

    def tables(self, key: str) -> list["Table"]:
        """The tables written as ``[[key]]``, each called by its name."""
        found = self.told.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self._write(key, f"[[{key}]]")
        return [Table(f"{key} {one.get('name') or number}", one) for number, one in enumerate(found, 1)]

    def number(self, key: str, usual: float | None = None, least: float = 0.0) -> float:
        """The number under a key, ``usual`` when there is none."""
        found = self.told.get(key, usual)
        if not isinstance(found, _NUMBER) or isinstance(found, bool) or found < least:
            raise self._write(key, f"{key} = {usual or 900:g}")
        return float(found)

    def degrees(self, key: str, most: float, example: str) -> float:
        """Degrees of longitude or latitude, which must be there."""
        found = self.told.get(key)
        if not isinstance(found, _NUMBER) or not -most <= found <= most:
            raise self._write(key, f"{key} = {example}")
        return float(found)

    def text(self, key: str) -> str:
        """The words under a key; none when it is not there."""
        found = self.told.get(key, "")
        if not isinstance(found, str):
            raise self._write(key, f'{key} = "…"')
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of words under a key."""
        found = self.told.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self._write(key, f'{key} = ["…"]')
        return tuple(found)

    def spot(self, key: str, usual: Spot | None = None) -> Spot:
        """A spot, metres east and north."""
        found = self.told.get(key, usual)
        if not _is_spot(found):
            raise self._write(key, f"{key} = [120, -80]")
        return float(found[0]), float(found[1])

    def spots(self, key: str, least: int) -> list[Spot]:
        """At least so many spots along a line."""
        found = self.told.get(key)
        if not isinstance(found, list) or len(found) < least or not all(map(_is_spot, found)):
            raise self._write(key, f"{key} = [[-300, 0], [0, 40], [300, 20], [200, -200]]")
        return [(float(east), float(north)) for east, north in found]

    def _called(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def _write(self, key: str, example: str) -> Refused:
        return Refused(
            "{file}: {key} is missing or not what belongs there. Write for example: {example}",
            file=FILE,
            key=self._called(key),
            example=example,
        )


def _is_spot(found: Any) -> bool:
    return isinstance(found, (list, tuple)) and len(found) == 2 and all(isinstance(part, _NUMBER) for part in found)
