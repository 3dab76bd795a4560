"""Suspicion: another reading of the points of a file fits their areas clearly better."""

from dataclasses import dataclass

from services.importing.source.reading_notes import Note
from services.system.errors import listed

_CALLED = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09", "cgcs2000": "CGCS2000"}
_SWAPPED = listed(
    "Longitude and latitude seem to be swapped: {inside} of the points lie in the areas as they stand, "
    "{inside_if} the other way round. Choose the columns the other way round."
)
_DATUM = listed(
    "The points seem to be in another datum: {inside} of them lie in the areas, {inside_if} if they are read as "
    "{datum}, about {metres} m away. Choose {datum}, or check in which datum the areas were drawn."
)
_BOTH = listed(
    "The points seem to be swapped and in another datum: {inside} of them lie in the areas, {inside_if} if longitude "
    "and latitude are exchanged and read as {datum}. Choose the columns the other way round, and {datum}."
)


@dataclass(frozen=True)
class Suspicion:
    """Another reading of the points fits their areas clearly better: shares inside, and how far it moves them."""

    datum: str
    inside: float
    inside_if: float
    metres: int
    swapped: bool
    chosen: str

    def note(self) -> Note:
        """The suspicion as a sentence."""
        message = _DATUM if not self.swapped else _SWAPPED if self.datum == self.chosen else _BOTH
        shares = {"inside": f"{self.inside:.0%}", "inside_if": f"{self.inside_if:.0%}"}
        return Note(message, {"datum": _CALLED[self.datum], "metres": self.metres, **shares})
