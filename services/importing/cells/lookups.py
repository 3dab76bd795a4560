"""Lookups: what a word of a file means: first what the mapping says, then what our own words and lists know."""

from services.importing.mapping import kinds, word_lists
from services.importing.mapping.mapping import Mapping
from services.rules import categories
from services.words import own_categories, vocabulary


class Lookup:
    """Codes of words, remembered. Built once a run."""

    def __init__(self, mapping: Mapping) -> None:
        self._values = mapping.values
        self._fields = kinds.fields(mapping.kind)
        self._state = f"state.{mapping.options.flow}"
        self._known: dict[tuple[str, str], str | None] = {}
        self._categories: dict[str, str] = {}

    def code(self, field: str, word: str) -> str | None:
        """The code of ``word``; empty where it is to be passed over, none where nobody knows it."""
        key = (field, word)
        if key not in self._known:
            told = self._values.get(field, {}).get(word)
            self._known[key] = self._look(field, word) if told is None else told
        return self._known[key]

    def _look(self, field: str, word: str) -> str | None:
        name = self._fields[field].vocabulary
        if name == "category":
            return self._category(word)
        if kinds.of_states(name):
            name = self._state
        return word_lists.meanings(name).get(word_lists.folded(word))

    def _category(self, word: str) -> str | None:
        if not self._categories:
            self._categories = named_categories()
        return self._categories.get(word_lists.folded(word))


def named_categories() -> dict[str, str]:
    """The code of each category by its folded names and its code: those of the files win over the place's own."""
    own = own_categories.known()
    ordered = [*own, *(code for code in categories.categories() if code not in own)]
    found = {
        word_lists.folded(vocabulary.term("category", code, language)): code
        for code in ordered
        for language in vocabulary.LANGUAGES
    }
    return found | {code: code for code in ordered}
