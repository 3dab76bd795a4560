"""Body entries: a row of a file about an organisation, a venue, an office or a forum."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class BodyEntry:
    """A row of a body. ``values`` are its columns as far as the file tells them; words wait to be looked up.

    ``id`` is that of the row that stands here already. ``parent`` is the code of the organisation above.
    """

    line: int
    code: str
    name: str
    values: dict[str, Any]
    area: str = ""
    parent: str = ""
    organisation: str = ""
    lng: float | None = None
    lat: float | None = None
    id: int | None = None
    cells: list[str] = field(default_factory=list)
