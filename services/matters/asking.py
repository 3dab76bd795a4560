"""Asking: by what a reader may filter, sort and search: by what he may read himself, for asking is reading.

``data/asking.csv`` says of each attribute who reads it: ``any`` who reads the matter, a ``party`` to it, which reads
its history, or the ``desk``, which reads every matter of its area. What does not stand there is the desk's. A field
that a flow keeps of its own is read by all where the flow's list or page shows it.
"""

from dataclasses import fields
from functools import lru_cache

from services.engine import flows
from services.matters import case_conditions, kept
from services.matters.filter import Filter
from services.rights.permissions import Actor, only_public, reads_all
from services.system.data_files import rows
from services.system.errors import Refused

# What a new field asks by is the desk's until data/asking.csv says otherwise; these are judged in ways of their own.
_APART = {"path", "flow", "figure", "kept", "sort"}
FIELDS = tuple(one.name for one in fields(Filter) if one.name not in _APART)


@lru_cache
def _readers() -> dict[tuple[str, str], str]:
    return {(row["kind"], row["name"]): row["reader"] for row in rows("asking.csv")}


def known(kind: str) -> set[str]:
    """The attributes of a kind (filter, word, sort) of which it is said who reads them."""
    return {name for one, name in _readers() if one == kind}


def beyond(actor: Actor, wanted: Filter) -> tuple[str, ...]:
    """By what this filter asks though the actor may not read it: names of fields of the filter, or of the flow."""
    if reads_all(actor):
        return ()
    found = [name for name in FIELDS if getattr(wanted, name) and not _open(actor, "filter", name)]
    found += [name for name, _ in wanted.kept if not _shown(wanted.flow, name)]
    found += ["figure"] if wanted.figure and not _countable(actor, wanted.figure) else []
    sort = wanted.sort.removeprefix("-")
    return (*found, *(["sort"] if sort and not (_open(actor, "sort", sort) or _shown(wanted.flow, sort)) else []))


def _open(actor: Actor, kind: str, name: str) -> bool:
    reader = _readers().get((kind, name), "desk")
    return reader == "any" or (reader == "party" and not only_public(actor))


def _shown(flow: str, name: str) -> bool:
    """Whether a flow shows a field of its own to whoever reads the matter."""
    if name not in kept.of(flow):
        return False
    told = flows.flow(flow)
    return name in (*told.words("list", "columns"), *told.words("page", "facts"))


def _countable(actor: Actor, figure: str) -> bool:
    code, _, part = figure.partition(".")
    return all(_open(actor, "word", word) for word in getattr(case_conditions.cases()[code], part, ("",)))


def within(actor: Actor, wanted: Filter) -> Filter:
    """The filter without what the actor may not ask by."""
    empty = {name: getattr(Filter(), name) for name in beyond(actor, wanted) if hasattr(wanted, name)}
    kept = tuple((name, value) for name, value in wanted.kept if name not in beyond(actor, wanted))
    return wanted.with_(**empty | {"kept": kept})


def require(actor: Actor, wanted: Filter) -> None:
    """Raise Refused where the filter asks by what the actor may not read."""
    if left_out := beyond(actor, wanted):
        raise Refused(
            "Your account can't ask by {names}: it may not read that. Take it out of the address, or open the list"
            " from the menu.",
            names=", ".join(left_out),
        )
