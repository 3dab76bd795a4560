"""Suggestions: the likeliest categories for what is entered, the words that led there, and what staff teach."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text as sql
from sqlmodel import Session, col, delete, select

from models.category import CategoryWord
from models.event import Event
from models.matter import Matter
from services.engine import flows
from services.flows.issue import category_model
from services.flows.issue.category_model import ALL, Suggestion
from services.matters.search import runs
from services.rules.categories import categories
from services.rules.rules import rule
from services.system.progress import Progress, silent

_BATCH = 5000
# In the order of the key: two people who file at the same moment wait for one another and never in a circle.
_TEACH = sql(
    "INSERT INTO category_word (gram, category, n) VALUES (:gram, :category, :n)"
    " ON CONFLICT (gram, category) DO UPDATE SET n = category_word.n + excluded.n"
)


@dataclass(frozen=True)
class Advice:
    """At most three categories, the likeliest first; ``sure`` when the first is probable enough to be proposed."""

    sure: bool
    likeliest: tuple[Suggestion, ...]


def suggest(session: Session, *texts: str) -> Advice:
    """What the texts (title, description, place in words) are likely about; nothing when no word says anything."""
    words = "\n".join(texts)
    grams = [*category_model.pairs(words), ALL]
    known = session.execute(
        select(CategoryWord.gram, CategoryWord.category, CategoryWord.n).where(col(CategoryWord.gram).in_(grams))
    )
    counts = {(gram, code): max(0, n) for gram, code, n in known}
    found = category_model.suggest(words, counts, tuple(categories()))
    return Advice(bool(found) and found[0].share >= rule("suggest.sure").value, tuple(found))


def text_of(matter: Matter) -> str:
    """What a matter teaches by."""
    return f"{matter.title}\n{matter.description}"


def teach(session: Session, pairs: Iterable[tuple[str, str]], taken_back: Iterable[tuple[str, str]] = ()) -> int:
    """Learn that each text was filed under its category, and unlearn ``taken_back``; returns how many were learned."""
    counts: Counter[tuple[str, str]] = Counter()
    for sign, told in ((1, pairs), (-1, taken_back)):
        for words, code in told:
            for gram in lessons(runs(words)):
                counts[gram, code] += sign
    add(session, counts)
    return sum(n for (gram, _), n in counts.items() if gram == ALL)


def lessons(found: list[str]) -> list[str]:
    """What the runs of a text teach of the category it was filed under: that there is one more, and its pairs."""
    return [ALL, *category_model.pairs_of(found)]


def add(session: Session, counts: Counter[tuple[str, str]]) -> None:
    """Learn what was counted."""
    changed = [{"gram": gram, "category": code, "n": n} for (gram, code), n in sorted(counts.items()) if n]
    for at in range(0, len(changed), _BATCH):
        session.execute(_TEACH, changed[at : at + _BATCH])


def learn(session: Session, matter: Matter, code: str) -> None:
    """Staff file the matter under ``code``; filed again under another one, it teaches that one instead."""
    query = select(Event.data).where(Event.matter_id == matter.id, Event.action == "accept")
    before = session.exec(query.order_by(col(Event.seq).desc())).first()
    earlier = (before or {}).get("category")
    if earlier != code:
        words = text_of(matter)
        teach(session, [(words, code)], [(words, earlier)] if earlier else [])


def learn_anew(session: Session, progress: Progress = silent) -> int:
    """Forget everything and learn from every filed issue there is; returns from how many."""
    session.execute(delete(CategoryWord))
    waiting = [*flows.states_of_kind("issue", "start", "dropped"), "submitted"]
    query = (
        select(Matter.title, Matter.description, Matter.category)
        .where(Matter.flow == "issue", col(Matter.category).is_not(None), col(Matter.state).not_in(waiting))
        .execution_options(yield_per=20 * _BATCH)
    )
    learned = 0
    for part in session.execute(query).partitions():
        learned += teach(session, ((f"{title}\n{description}", code) for title, description, code in part))
        progress("Learning from what was filed", learned, learned)
    return learned
