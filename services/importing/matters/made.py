"""Made on the way: areas, units and categories that the matters of a ledger need, there before any is written."""

from collections.abc import Sequence
from typing import Any

from services.importing.areas.by_name import AreaBook
from services.importing.job.import_jobs import Job
from services.importing.mapping.mapping import OWN
from services.importing.matters.units import UnitBook
from services.matters import search
from services.words import own_categories, vocabulary


class Made:
    """Ids and codes by what a ledger calls things, in the transaction that writes them."""

    def __init__(self, job: Job, homes: Sequence[Any], units: Sequence[str], categories: Sequence[str]) -> None:
        self._job = job
        self._book = AreaBook(job)
        self.areas = {home: home if isinstance(home, int) else self._area(home) for home in homes}
        book = UnitBook(job)
        self.units = {word: book.id_of(word) for word in units}
        own = own_categories.named(job.session)
        self.categories = {told: self._category(told, own) for told in categories}

    def called(self) -> dict[Any, tuple[str, ...]]:
        """What the areas and those above them are called."""
        names = search.called(self._job.session, set(self.areas.values()))
        return {home: names.get(area_id, ()) for home, area_id in self.areas.items()}

    def draw(self) -> None:
        """Give areas that were made their place on the schematic map."""
        self._book.draw()

    def _area(self, names: tuple[tuple[str, str], ...]) -> int:
        found = self._book.find(list(names))
        if found.missing:
            return self._book.make(found).id
        assert found.area is not None
        return found.area.id

    def _category(self, told: str, own: dict[str, str]) -> str:
        if not told.startswith(OWN):
            return told
        word = told.removeprefix(OWN)
        if word not in own:
            made = own_categories.make(self._job.session, word, _english(word), self._job.mapping.options.ledger)
            own[word] = made.code
            self._job.note("category", int(made.code))
        return own[word]


def _english(word: str) -> str:
    """The English name of a category that a shipped list knows by its Chinese one; else the word itself."""
    kind = "imported.category"
    names = {vocabulary.term(kind, code, "zh_CN"): vocabulary.term(kind, code, "en") for code in vocabulary.codes(kind)}
    return names.get(word, word)
