"""Notes: what was done to somebody's file so that it could be read. Light: the limited child process loads it too."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Note:
    """A sentence about a file or a row: ``message`` is a catalogue key, ``params`` fill its placeholders."""

    message: str
    params: dict[str, object] = field(default_factory=dict)
