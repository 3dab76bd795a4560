"""Which characters a text file is written in: found from the whole file, never guessed from its first line."""

import codecs
import re
from pathlib import Path

from services.system.errors import Refused, listed

READ_AS = listed("The characters were read as {encoding}.")
_CHUNK = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LONE = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")
_PAIR = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")


def encoding_of(path: Path) -> str:
    """A codec that decodes all of the file; Refused for binary data, a file cut off, and unknown characters."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None) or _wide(head)
    if marked:
        return marked if _tried(path, marked) == "whole" else _refuse(_tried(path, marked))
    if _holds_zero(path):
        raise Refused("This is not a CSV text file. Save the sheet as “CSV UTF-8” and import that.")
    found = _tried(path, "utf-8")
    if found != "not":
        return "utf-8" if found == "whole" else _refuse(found)
    return _legacy(path)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of ASCII text is zero."""
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(zeros) > 1 and zeros.count(0) > 0.4 * len(zeros):
            return name
    return None


def _holds_zero(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b"\0" in chunk for chunk in iter(lambda: file.read(_CHUNK), b""))


def _tried(path: Path, name: str) -> str:
    """Whether ``name`` decodes the file: ``whole``, ``cut`` in the middle of its last character, or ``not``."""
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "not"
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cut"
    return "whole"


def _legacy(path: Path) -> str:
    with path.open("rb") as file:
        sample = b"".join(chunk for chunk in iter(lambda: file.read(_CHUNK), b"") if not chunk.isascii())[:_CHUNK]
    # Western letters stand alone between ASCII letters; Chinese ones are pairs of high bytes.
    western = len(_LONE.findall(sample)) > len(_PAIR.findall(sample))
    for name in ("cp1252", "gb18030") if western else ("gb18030", "cp1252"):
        if (found := _tried(path, name)) == "whole" and (western or name == "gb18030"):
            return name
        if found == "cut":
            return _refuse(found)
    return _refuse("not")


def _refuse(found: str) -> str:
    if found == "cut":
        raise Refused("The file ends in the middle of a character: it was cut off. Copy or export it again.")
    raise Refused("The characters of the file can't be read. Save the sheet as “CSV UTF-8” and import that.")
