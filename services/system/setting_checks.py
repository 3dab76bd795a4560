"""Setting checks: every setting is looked at before anything starts, and a wrong one is named with what to write."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from services.system import web_addresses
from services.system.errors import listed
from services.system.guessing import keys

if TYPE_CHECKING:
    from services.system.settings import Settings

Fault = tuple[str, dict[str, object]]

PUBLISHED_KEY = "demo-key-change-me"
_SHORTEST = 32
_RANGES = {
    "port": (1, 65_535),
    "processes": (0, 256),
    "session_hours": (1, 720),
    "code_hours": (1, 720),
    "idle_minutes": (1, 43_200),
} | dict.fromkeys(("sockets_per_account", "sockets_per_address"), (1, 100_000))
_FOLDERS = ("backup_folder", "upload_folder", "local_folder", "work_folder")
_ADDRESSES = {"oidc_issuer": ("https", "http"), "tiles_url": ("https", "http")}

_MODE = listed("MULIN_MODE is “{value}”. Write demo or production.")
_RANGE = listed("{name} is {value}. Write a whole number from {low} to {high}.")
_ZONE = listed("MULIN_TIMEZONE is “{value}”, which is no time zone. Write one such as Asia/Shanghai.")
_DATABASE = listed("MULIN_DATABASE_URL can't be read. Write one such as sqlite:////var/lib/mulin/mulin.db.")
_FOLDER = listed("{name} is {value}, which is a file. Write the path of a folder.")
_ADDRESS = listed("{name} is “{value}”, which is no address. Write one that begins with https://.")
PUBLIC = listed(
    "Write into MULIN_PUBLIC_ADDRESS what people write to come here, such as https://mulin.example.gov.cn,"
    " with nothing after it; several with commas between them."
)
_EMPTY = listed("MULIN_KEY is empty. Remove the line, or set a secret: openssl rand -hex 32")
_SECRET = listed("Set MULIN_OIDC_CLIENT_SECRET, or remove MULIN_OIDC_ISSUER.")
_KEY = listed("Set MULIN_KEY to a secret of at least {count} characters before running in production.")
_WEAK = listed(
    "MULIN_KEY can be guessed: it repeats itself, or is made of words or rows of keys. Set a random one: openssl rand"
    " -hex 32"
)


def faults(settings: "Settings") -> Iterator[Fault]:
    """What is wrong with the settings, worded as what to write instead."""
    for check in (_mode, _ranges, _zone, _database, _folders, _addresses, _public, _key):
        yield from check(settings)


def _mode(settings: "Settings") -> Iterator[Fault]:
    if settings.mode not in ("demo", "production"):
        yield _MODE, {"value": settings.mode}


def _ranges(settings: "Settings") -> Iterator[Fault]:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            yield _RANGE, {"name": variable(name), "value": value, "low": low, "high": high}


def _zone(settings: "Settings") -> Iterator[Fault]:
    try:
        known = settings.timezone in available_timezones() and ZoneInfo(settings.timezone)
    except (OSError, ValueError):
        known = False
    if not known:
        yield _ZONE, {"value": settings.timezone[:40]}


def _database(settings: "Settings") -> Iterator[Fault]:
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):
        yield _DATABASE, {}
        return
    if url.get_backend_name() not in ("sqlite", "postgresql") or not url.database:
        yield _DATABASE, {}


def _folders(settings: "Settings") -> Iterator[Fault]:
    for name in _FOLDERS:
        path = getattr(settings, name)
        if path.exists() and not path.is_dir():
            yield _FOLDER, {"name": variable(name), "value": path}


def _addresses(settings: "Settings") -> Iterator[Fault]:
    for name, schemes in _ADDRESSES.items():
        value = getattr(settings, name)
        if value and not _is_address(value, schemes):
            yield _ADDRESS, {"name": variable(name), "value": value[:80]}


def _public(settings: "Settings") -> Iterator[Fault]:
    try:
        web_addresses.parse_all(settings.public_address)
    except ValueError:
        yield PUBLIC, {}


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        told = urlsplit(value)
    except ValueError:
        return False
    return told.scheme in schemes and bool(told.netloc)


def _key(settings: "Settings") -> Iterator[Fault]:
    if not settings.key.strip():
        yield _EMPTY, {}
    if settings.demo:
        return
    if settings.key == PUBLISHED_KEY or len(settings.key) < _SHORTEST:
        yield _KEY, {"count": _SHORTEST}
    elif not strong(settings.key):
        yield _WEAK, {}
    if settings.oidc_issuer and not settings.oidc_client_secret:
        yield _SECRET, {}


def strong(key: str) -> bool:
    """Whether a key may seal records that are to count: made by chance, and not after the published one."""
    return PUBLISHED_KEY not in key and keys.by_chance(key)


def variable(name: str) -> str:
    """The variable that a setting is read from."""
    return f"MULIN_{name.upper()}"


# What pydantic calls the fault of a value that is not of its type, and what to write then.
UNREADABLE: dict[str, str] = {
    "int_parsing": listed("{name} is “{value}”. Write a whole number."),
    "bool_parsing": listed("{name} is “{value}”. Write true or false."),
}
OTHERWISE = listed("{name} is “{value}”, which can't be read. Correct it, or remove the line.")
