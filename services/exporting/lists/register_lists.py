"""Lists of the registers: the bodies of estates, the coverage by a kind of post, and posts with their work."""

from collections.abc import Sequence

from services.exporting.lists.list_columns import Cell, Column, Extract, Words
from services.exporting.lists.list_requests import Question, extract_of
from services.registers import coverage, estates, posts
from services.registers.estates import Estate
from services.words.cleaning import clean
from services.words.i18n import listed

_AREA = Column("area", listed("Area"), listed("The area it stands in."), lambda row, _words: row.area.name, width=22)
_CODE = Column("code", listed("Code"), listed("The code of the area."), lambda row, _words: row.area.code, width=18)


def bodies_of_estates(question: Question) -> Extract:
    """The estates at or below the area in view, with how many of each body they have."""
    found = estates.estates(question.session, question.here.path)
    kinds = dict.fromkeys((body.register, body.kind) for one in found for body, _count in one.bodies)
    stands = listed("Complete, or what its kind needs and it has not.")
    columns = (
        _CODE,
        _AREA,
        Column("kind", listed("Kind"), listed("What kind of estate it is."), _kind_of_estate, width=16),
        Column("stands", listed("How it stands"), stands, _standing, width=14),
        *(_body(question.words.term(*kind), kind) for kind in kinds),
    )
    return extract_of(question, "estates", question.words.say("Who governs the estates"), columns, found)


def _kind_of_estate(row: Estate, words: Words) -> Cell:
    return words.term("estate", row.area.kind)


def _standing(row: Estate, words: Words) -> Cell:
    return words.term("bodies", row.standing)


def _body(label: str, kind: tuple[str, str]) -> Column:
    def count(row: Estate, _words: Words) -> Cell:
        return next((number for body, number in row.bodies if (body.register, body.kind) == kind), None)

    meaning = listed("How many of these there are; empty where the kind of estate needs none.")
    return Column("_".join(kind), label, meaning, count, "count", 12)


def coverage_by_post(question: Question) -> Extract:
    """The coverage by a kind of post on a level, as the page's address asks for it."""
    known, here = coverage.kinds(question.session, question.here.path), question.here
    kind = _one_of(clean(question.params.get("post")), known or list(coverage.bands()))
    level = _one_of(clean(question.params.get("level")), coverage.levels(question.session, here, kind) or [here.level])
    found = coverage.covered(question.session, here.path, kind, level)
    columns = (
        _CODE,
        _AREA,
        Column("stands", listed("How it stands"), listed("Against the rule for this kind of post."), _load, width=14),
        _count("households", listed("Households"), listed("How many households live there."), "households"),
        _count("filled", listed("Filled"), listed("Posts that are filled."), "filled"),
        _count("vacant", listed("Vacant"), listed("Posts that nobody holds."), "vacant"),
        _count("linked", listed("Households linked"), listed("Those that filled posts are there for."), "linked"),
        _count("unlinked", listed("Linked by nobody"), listed("Households less those linked."), "unlinked"),
    )
    title = question.words.say("Coverage: {post}", post=question.words.term("office", kind))
    return extract_of(question, "coverage", title, columns, found)


def _load(row: coverage.Covered, words: Words) -> Cell:
    return words.term("load", row.standing)


def _one_of(asked: str | None, known: Sequence[str]) -> str:
    return asked if asked and asked in known else known[0]


def staffing(question: Question) -> Extract:
    """Posts filled and vacant with their work, in the area in view and one level down."""
    found = posts.staffing(question.session, question.actor, question.here)
    columns = (
        _CODE,
        _AREA,
        Column("kind", listed("Kind"), listed("What kind of office it is."), _kind_of_post, width=16),
        _count("filled", listed("Filled"), listed("Posts that are filled."), "filled"),
        _count("vacant", listed("Vacant"), listed("Posts that nobody holds."), "vacant"),
        _count("households", listed("Households of the area"), listed("How many live there."), "households"),
        _each("homes", listed("Households for each post"), "households"),
        _count("open", listed("Open matters of the area"), listed("At the time of this list."), "open_matters"),
        _each("matters", listed("Open matters for each post"), "open_matters"),
    )
    return extract_of(question, "posts", question.words.say("Posts"), columns, found)


def _kind_of_post(row: posts.Staffing, words: Words) -> Cell:
    return words.term("office", row.kind)


def _count(code: str, label: str, meaning: str, name: str) -> Column:
    return Column(code, label, meaning, lambda row, _words: getattr(row, name), "count", 11)


def _each(code: str, label: str, name: str) -> Column:
    meaning = listed("That of the area, divided by the filled posts of this kind.")

    def share(row: posts.Staffing, _words: Words) -> Cell:
        return row.each(getattr(row, name))

    return Column(code, label, meaning, share, "number", 12)
