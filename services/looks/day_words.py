"""Words of the calendar: what a source is called, and what an entry says of its matter."""

from services.engine import field_words
from services.looks.days import Entry
from services.matters import kept
from services.words import vocabulary


def source(name: str, language: str) -> str:
    """What a source is called; a kept day by its field's name."""
    flow, _dot, field = name.partition(".")
    own = kept.days(flow).get(field) if field else None
    return field_words.name(own, language) if own else vocabulary.term("day_source", name, language)


def about(entry: Entry, language: str) -> str:
    """The number, the state and the unit of the entry's matter."""
    matter = entry.matter
    parts = (
        matter.number,
        vocabulary.term(f"state.{matter.flow}", matter.state, language),
        entry.unit,
        matter.location,
    )
    return " · ".join(filter(None, parts))
