"""Merged cells of a sheet: which columns and lines one cell stands for."""

from collections import defaultdict

Merge = tuple[int, int, int, int]
_SEVERAL = 200_000


class Merges:
    """The merged cells of one sheet as (first row, first column, last row, last column); rows count from 1.

    ``known`` is false where the format has none (a text file), so that gaps may have to be read as merged.
    """

    def __init__(self, found: list[Merge] | None) -> None:
        self.known = found is not None
        self._starting: dict[int, list[Merge]] = defaultdict(list)
        for merge in (found or [])[:_SEVERAL]:
            self._starting[merge[0]].append(merge)
        self._open: list[tuple[Merge, str]] = []
        self._texts: dict[Merge, str] = {}

    def across(self, line: int) -> list[tuple[int, int]]:
        """First and last column of the cells merged over several columns that begin in ``line``."""
        return [(left, right) for _, left, _, right in self._starting.get(line, []) if right > left]

    def reaches(self, first: int, last: int, line: int) -> bool:
        """Whether a cell that begins in the lines ``first`` to ``last`` reaches down to ``line``."""
        return any(merge[2] >= line for row in range(first, last + 1) for merge in self._starting.get(row, []))

    def remember(self, line: int, cells: list[str]) -> None:
        """Keep the texts of the merged cells that begin in ``line``."""
        for merge in self._starting.get(line, []):
            self._texts[merge] = cells[merge[1]] if merge[1] < len(cells) else ""

    def filled(self, line: int, cells: list[str]) -> list[str]:
        """The cells of a line of the header with the text of every remembered merged cell that covers them."""
        told = list(cells)
        for (_, left, last, right), text in self._texts.items():
            if last >= line and text:
                told[left : right + 1] = [own or text for own in told[left : right + 1]]
        return told

    def down(self, line: int, cells: list[str]) -> list[str]:
        """The cells of a row with what is merged over it and rows above; asked line by line, from the top."""
        self._open = [(merge, text) for merge, text in self._open if merge[2] >= line]
        for merge in self._starting.get(line, []):
            if merge[2] > line and merge[1] < len(cells):
                self._open.append((merge, cells[merge[1]]))
        if not self._open:
            return cells
        told = list(cells)
        for (_, left, _, _), text in self._open:
            told[left] = told[left] or text
        return told
