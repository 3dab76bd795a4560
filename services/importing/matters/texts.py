"""Matter texts: title, description and result of a matter, from one column each or put together from several."""

from collections.abc import Callable

from services.importing.mapping import text_templates
from services.importing.mapping.mapping import Mapping
from services.words import privacy

_TITLE, _DESCRIPTION, _NOTE = 120, 4000, 2000
Row = dict[str, str]


class Texts:
    """Writes the texts of a row. ``columns`` are those the templates need."""

    def __init__(self, told: Mapping, columns: list[str]) -> None:
        options = told.options
        self._titled = [name for name in told.columns.get("title", []) if name in columns]
        self._described = [name for name in told.columns.get("description", []) if name in columns]
        self._result = [name for name in told.columns.get("result", []) if name in columns]
        self._title = text_templates.renderer(options.title, columns, options.trim)
        self._description = text_templates.renderer(options.description, columns, options.trim)
        self.columns = text_templates.columns(options.title + options.description, columns)
        # Where a title comes from: what is blamed when it is empty.
        self.source = next(iter([*self._titled, *text_templates.columns(options.title, columns)]), "")
        self.hide: Callable[[str], str] = privacy.masked if options.masked else str

    def title(self, row: Row) -> str:
        """The title; empty when all it is made of is empty. The name of the area may be left open."""
        found = _joined(row, self._titled)
        if found:
            return _flat(found)
        rendered = self._title(row)
        told = any(row[name] for name in self.columns if name in row)
        return _flat(rendered) if rendered.replace(text_templates.MARK, "").strip(" ·-/") and told else ""

    def description(self, row: Row, title: str) -> str:
        """The description; the whole title where that is too long for its own place and nothing else is said."""
        found = _joined(row, self._described) or self._description(row).strip(" /")
        return cut(found or (title if len(title) > _TITLE else ""), _DESCRIPTION)

    def note(self, row: Row) -> str:
        """The result, as the note of the first event."""
        return cut(_joined(row, self._result), _NOTE)


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters; what is cut off ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def named(title: str, area: str) -> str:
    """The title with the name of the area, in the length a title may have."""
    return cut(title.replace(text_templates.MARK, area) if text_templates.MARK in title else title, _TITLE)


def _joined(row: Row, columns: list[str]) -> str:
    return row[columns[0]] if len(columns) == 1 else "\n".join(filter(None, (row[name] for name in columns)))


def _flat(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text
