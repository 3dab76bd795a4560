"""A new pack: an empty one with remarks and examples, from the files of ``data/new_place``, ready to be filled in."""

import json
import re
from pathlib import Path

from services.places.place_packs import known_packs, own_folder, pack
from services.system.errors import Refused
from services.system.settings import DATA
from services.words.vocabulary import codes

_EMPTY = DATA / "new_place"
_SLUG = re.compile(r"[a-z][a-z0-9]{1,31}")
_LONGEST_PREFIX = 8


def write(slug: str, name: str = "", root: str = "", level: str = "community", folder: Path | None = None) -> Path:
    """Write the pack called ``slug`` into ``folder``, or among the office's own; returns where it lies.

    Refused for a name that can't be one of a folder, that there is already, and for a level that areas don't have.
    """
    _require(slug, level, folder)
    target = (folder or own_folder()) / slug
    prefix = _prefix(slug, folder)
    words = {"slug": slug, "name": name, "root": root, "level": level, "prefix": prefix}
    told = {f"@{key}@": json.dumps(word, ensure_ascii=False) for key, word in words.items()}
    target.mkdir(parents=True)
    for file in sorted(_EMPTY.iterdir()):
        text = file.read_text(encoding="utf-8").replace("@code@", prefix).replace("@rootcode@", root or prefix)
        (target / file.name).write_text(_filled(text, told, slug), encoding="utf-8")
    return target


def _require(slug: str, level: str, folder: Path | None) -> None:
    if not _SLUG.fullmatch(slug):
        raise Refused(
            "{slug} can't be the name of a place's folder. Choose 2 to 32 small letters and digits, a letter first.",
            slug=slug[:40] or '""',
        )
    if slug in known_packs() or ((folder or own_folder()) / slug).exists():
        raise Refused("There is a place {slug} already. Choose another name for the folder.", slug=slug)
    if level not in codes("level"):
        raise Refused(
            "{level} is no level of an area. Choose one of: {known}.", level=level[:40], known=", ".join(codes("level"))
        )


def _prefix(slug: str, folder: Path | None) -> str:
    """The beginning of the slug in capitals, as long as it takes to be nobody else's."""
    taken = {pack(one).prefix for one in known_packs()} | {pack(one, folder).prefix for one in known_packs(folder)}
    free = (slug[:length].upper() for length in range(2, _LONGEST_PREFIX + 1))
    found = next((prefix for prefix in free if prefix not in taken), None)
    return found or next(f"{slug[:4].upper()}{at}" for at in range(2, 9999) if f"{slug[:4].upper()}{at}" not in taken)


def _filled(text: str, told: dict[str, str], slug: str) -> str:
    """The text with its words filled in: a quoted one where it is a value, the bare slug inside a remark."""
    for token, word in told.items():
        text = text.replace(f"= {token}", f"= {word}")
    return text.replace("@slug@", slug)
