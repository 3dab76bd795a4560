"""Database faults: what kind of failure the database or the disk reports, and what to say about it, to whom.

The words of the two databases and of the system are for the log. Whoever looks after the machine is told what to mend,
a person at a page whether anything was saved.
"""

import errno

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from services.system.errors import Refused, listed

# What may be caught where an answer must be given whatever the database does.
FAULTS = (DBAPIError, NoConnection)

_SQLITE = {
    "locked": "busy",
    "disk is full": "full",
    "readonly": "readonly",
    "read-only": "readonly",
    "malformed": "damaged",
    "not a database": "damaged",
    "disk i/o error": "damaged",
    "no such table": "schema",
    "no such column": "schema",
    "has no column": "schema",
    "unable to open": "gone",
}
# By the beginning of the SQLSTATE.
_POSTGRESQL = {
    "55P03": "busy",
    "40": "busy",
    "57014": "busy",
    "53100": "full",
    "53": "gone",
    "25006": "readonly",
    "42501": "readonly",
    "XX00": "damaged",
    "42P01": "schema",
    "42703": "schema",
    "57P": "gone",
    "08": "gone",
}
_SYSTEM = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "readonly",
    errno.EPERM: "readonly",
    errno.EMFILE: "descriptors",
    errno.ENFILE: "descriptors",
}
OPERATOR = {
    "busy": listed("Somebody else is writing to the database, and holds it for long. Try again when that has ended."),
    "full": listed("The disk is full ({reason}). Nothing was saved. Make room on it, then try again."),
    "readonly": listed(
        "This may only be read here ({reason}). Nothing was saved. Check the rights of the file and of its folder, and"
        " whether the disk takes writing."
    ),
    "damaged": listed(
        "The database can't be read ({reason}). Keep a copy of it, look with verify, and restore the newest sound"
        " backup."
    ),
    "schema": listed(
        "The database does not have the tables that this version needs ({reason}). Run: python manage.py init"
    ),
    "descriptors": listed("Too many files are open ({reason}). Raise the limit of open files, then start again."),
    "gone": listed("The database does not answer ({reason}). Check MULIN_DATABASE_URL."),
    "other": listed(
        "The database can't do this ({reason}). Run verify; if it is damaged, restore the newest sound backup."
    ),
    "path": listed("{reason}. Check the path, its rights and the room on the disk."),
}
PERSON = {
    "busy": listed("The database is busy. Nothing was saved: try again in a moment."),
    "full": listed("The disk is full. Nothing was saved: tell the administrator, and keep what you typed."),
    "readonly": listed("Nothing can be saved at present, only read. Tell the administrator, and keep what you typed."),
    "damaged": listed("The database is damaged. Nothing was saved: tell the administrator at once."),
    "schema": listed("The program and its database are of different versions. Tell the administrator."),
    "descriptors": listed("The program has too many files open. Nothing was saved: tell the administrator."),
    "gone": listed("The database does not answer. Nothing was saved: try again in a moment."),
    "other": listed("The database could not do this. Nothing was saved: tell the administrator."),
    "path": listed("A file could not be read or written. Nothing was saved: tell the administrator."),
}


def kind(error: BaseException) -> str:
    """Which of the kinds above ``error`` is."""
    if isinstance(error, NoConnection):
        return "busy"
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno or 0, "path")
    state = str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    known = next((found for start, found in _POSTGRESQL.items() if state.startswith(start)), "") if state else ""
    return known or next((found for word, found in _SQLITE.items() if word in _told(error)), _unknown(error, state))


def _unknown(error: BaseException, state: str) -> str:
    # A server that never answered has no state to tell.
    return "gone" if type(error).__name__ in ("OperationalError", "InterfaceError") and not state else "other"


def _told(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).lower()


def for_operator(error: BaseException) -> Refused:
    """The sentence for whoever looks after the machine, with the reason in the system's own words."""
    told = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return Refused(OPERATOR[kind(error)], reason=told)


def for_person(error: BaseException) -> Refused:
    """The sentence for a person at a page."""
    return Refused(PERSON[kind(error)])
