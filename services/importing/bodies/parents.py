"""Body parents: which organisation stands above which, by code or by name, in the file or in the place."""

from collections.abc import Callable

from models.organisation import Organisation
from services.importing.bodies.body_entries import BodyEntry
from services.importing.cells.cells import Fault
from services.importing.job.reports import RowError
from services.importing.mapping.word_lists import folded
from services.system.errors import listed

_UNKNOWN = (
    listed("There is no organisation {value}, neither in the file nor in the place."),
    listed("Correct the cell, or add a row for it."),
)
_SEVERAL = (listed("More than one organisation is called {value}."), listed("Write its code."))
_CYCLE = (
    listed("The organisations stand above one another in a circle: {chain}."),
    listed("Correct one of their parents."),
)
_ABOVE = (listed("The organisation above, in row {row}, can't be imported."), listed("Correct that row first."))


class Parents:
    """The tree that the rows of a file make with what stands in the place."""

    def __init__(self, entries: list[BodyEntry], here: list[Organisation], column: str) -> None:
        self._entries, self._column = entries, column
        self._coded = {entry.code: entry for entry in entries if entry.code}
        self._named: dict[str, list[BodyEntry | Organisation]] = {}
        self._here = {unit.code: unit for unit in here}
        rewritten = {entry.id for entry in entries}
        both: list[BodyEntry | Organisation] = [*entries, *(unit for unit in here if unit.id not in rewritten)]
        for one in both:
            self._named.setdefault(folded(one.name), []).append(one)
        self._above: dict[int, BodyEntry] = {}
        self._errors: dict[int, list[RowError]] = {}

    def errors(self) -> dict[int, list[RowError]]:
        """What is wrong, by line: parents that nobody knows, circles, and what hangs below a refused row."""
        for entry in self._entries:
            self._look(entry)
        for entry in self._entries:
            chain = self._chain(entry)
            if chain and chain[-1] is entry:
                self._blame(entry, Fault(_CYCLE, chain=" › ".join(one.name for one in [entry, *chain])))
        for entry in self._entries:
            refused = next((one for one in self._chain(entry) if one.line in self._errors), None)
            if refused and entry.line not in self._errors:
                self._blame(entry, Fault(_ABOVE, row=refused.line))
        return self._errors

    def _blame(self, entry: BodyEntry, fault: Fault) -> None:
        self._errors.setdefault(entry.line, []).append(fault.error(entry.line, self._column))

    def _look(self, entry: BodyEntry) -> None:
        word = entry.parent
        if not word:
            return
        coded = self._coded.get(word) or self._here.get(word)
        found = [coded] if coded else self._named.get(folded(word), [])
        if len(found) != 1:
            self._blame(entry, Fault(_SEVERAL if found else _UNKNOWN, value=word[:40]))
        elif isinstance(found[0], BodyEntry):
            self._above[entry.line] = found[0]
        else:
            self._hang(entry, found[0])

    def _hang(self, entry: BodyEntry, above: Organisation) -> None:
        """Below an organisation that is not in the file, which may itself hang below this one."""
        now = self._here.get(entry.code)
        if now is not None and above.path.startswith(now.path):
            self._blame(entry, Fault(_CYCLE, chain=f"{entry.name} › {above.name} › {entry.name}"))
        entry.parent = above.code

    def _chain(self, entry: BodyEntry) -> list[BodyEntry]:
        """The entries above, up to the top or once around."""
        chain: list[BodyEntry] = []
        at = self._above.get(entry.line)
        while at is not None and at not in chain:
            chain.append(at)
            if at is entry:
                break
            at = self._above.get(at.line)
        return chain

    def ordered(self, fit: Callable[[BodyEntry], bool]) -> list[BodyEntry]:
        """Those that fit, parents before children; each knows the line of its parent as ``#line``, or its code."""
        kept = [entry for entry in self._entries if fit(entry)]
        for entry in kept:
            above = self._above.get(entry.line)
            if above is not None:
                entry.parent = above.code or f"#{above.line}"
        return sorted(kept, key=lambda entry: len(self._chain(entry)))
