"""Definition: what a flow is made of, as the rows of its folder say it."""

from dataclasses import dataclass, field
from typing import Any

OPEN_KINDS = ("start", "active", "paused")
KINDS = (*OPEN_KINDS, "done", "dropped")
# Raised and decided are moments of the one line; a matter can stand at the others for a while.
STATIONS = ("raised", "discussed", "decided", "publicised", "acted", "judged")
PUBLIC = ("none", "step", "decision")
# What beginning a matter is called among its arrows: the event, the right, and the word in a link.
BIRTH = "create"


@dataclass(frozen=True)
class State:
    """A state; ``kind`` is start, active, paused, done or dropped, ``waits_for`` the role whose turn it is.

    ``station`` is where on the one line a matter stands, ``public`` what the public reads of one that is public: none,
    the step, or what was decided too. ``passed`` are stations that a matter goes through on its way in.
    """

    flow: str
    code: str
    kind: str
    station: str
    public: str
    waits_for: str
    row: int = 0
    passed: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a matter in this state still waits for somebody."""
        return self.kind in OPEN_KINDS


@dataclass(frozen=True)
class Need:
    """A field an arrow asks for: ``field`` says what it is, ``name`` what it is called here and kept as."""

    field: str
    name: str
    optional: bool

    @classmethod
    def read(cls, word: str) -> "Need":
        """``note``, ``note?`` where it may stay empty, ``satisfaction:unit_rating`` under another name."""
        field_name, _colon, name = word.removesuffix("?").partition(":")
        return cls(field_name, name or field_name, word.endswith("?"))


@dataclass(frozen=True)
class Field:
    """A field: what type of thing is asked for, and where it is kept.

    ``of`` narrows the type, ``limit`` says how long, how large or when, ``keep`` where it stays besides the event.
    A field without a type only gives a name and a label to another one.
    """

    flow: str
    name: str
    type: str
    of: tuple[str, ...]
    limit: str
    wide: bool
    keep: str
    default: str
    row: int = 0
    alias: str = ""

    @property
    def called(self) -> str:
        """What it is called where it is asked for, and kept as."""
        return self.alias or self.name

    @property
    def kind(self) -> str:
        """The vocabulary its codes come from."""
        return self.of[0] if self.type == "code" and self.of else ""

    def span(self) -> tuple[int | None, int | None]:
        """The least and the most that ``limit`` allows: ``MIN..MAX``, either of which may be missing, or the most."""
        least, _dots, most = self.limit.rpartition("..")
        return (int(least) if least else None), (int(most) if most else None)


@dataclass(frozen=True)
class Guard:
    """A condition of an arrow: the name of a registered function, and arguments it is given as text."""

    name: str
    arguments: tuple[str, ...] = ()

    @classmethod
    def read(cls, word: str) -> "Guard":
        """``quorum_met``, or with arguments ``children:action:closed``."""
        name, *arguments = word.split(":")
        return cls(name, tuple(arguments))


@dataclass(frozen=True)
class Arrow:
    """A permitted move; ``target`` "=" stays in the state it starts from, "<" goes back to the one before that.

    ``counts`` names the count it raises.
    """

    flow: str
    sources: tuple[str, ...]
    action: str
    target: str
    needs: tuple[Need, ...]
    guards: tuple[Guard, ...]
    deadline: str
    tone: str
    counts: str
    row: int = 0

    @property
    def act(self) -> str:
        """The act in the permission table."""
        return f"{self.flow}.{self.action}"

    def arrives(self, source: str, before: str | None = None) -> str:
        """The state this arrow leads to from ``source``, which was reached from ``before``."""
        return {"=": source, "<": before or source}.get(self.target, self.target)


@dataclass(frozen=True)
class Link:
    """A tie from a matter of ``flow`` to one of ``to``: when something happens at one end, what it does at the other.

    ``when`` is ``here`` (this end takes one of the arrows ``at``; ``*`` for any), ``there`` (the other one does) or
    ``in`` (a person may begin one while this one stands in a state of ``at``). ``does`` is ``begin``, ``move``,
    ``tell`` or ``publish``, ``words`` what stands behind its colon.
    """

    flow: str
    kind: str
    to: str
    when: str
    at: tuple[str, ...]
    does: str
    words: tuple[str, ...]
    row: int = 0


@dataclass(frozen=True)
class Question:
    """A question of a state's checklist; ``required`` ones are answered before the matter leaves the state."""

    flow: str
    state: str
    code: str
    required: bool


@dataclass(frozen=True)
class Flow:
    """A flow as its folder has it; ``head`` is ``flow.toml``."""

    code: str
    head: dict[str, Any]
    states: dict[str, State]
    arrows: tuple[Arrow, ...]
    links: tuple[Link, ...]
    questions: tuple[Question, ...]
    fields: dict[str, Field] = field(default_factory=dict)
    rows: dict[str, tuple[dict[str, str], ...]] = field(default_factory=dict, compare=False)

    def leaving(self, source: str) -> list[Arrow]:
        """The arrows that start from ``source``."""
        return [arrow for arrow in self.arrows if source in arrow.sources]

    def arrow(self, source: str, action: str) -> Arrow | None:
        """The arrow called ``action`` from ``source``, if there is one."""
        return next((found for found in self.leaving(source) if found.action == action), None)

    def part(self, name: str) -> dict[str, Any]:
        """A table of ``flow.toml``: begin, list, board, calendar, map, page; empty where it has none."""
        found = self.head.get(name, {})
        return found if isinstance(found, dict) else {}

    @property
    def birth(self) -> Arrow:
        """The arrow from nowhere: what it takes to begin a matter of the flow, as ``[begin]`` says."""
        start = next((state.code for state in self.states.values() if state.kind == "start"), "")
        needs = tuple(map(Need.read, self.words("begin", "fields")))
        guards = tuple(map(Guard.read, self.words("begin", "guards")))
        deadline = str(self.part("begin").get("deadline", ""))
        return Arrow(self.code, (), BIRTH, start, needs, guards, deadline, "", "")

    def words(self, part: str, name: str) -> tuple[str, ...]:
        """The words of a line of ``flow.toml``, such as the columns of the list."""
        return tuple(str(self.part(part).get(name, "")).split())
