"""Who was called as a list: the units called to the matters in view, and what each made of it."""

from services.exporting.lists.list_columns import Column, Extract, attribute
from services.exporting.lists.list_requests import Question
from services.exporting.lists.matter_lists import in_words
from services.looks import calls
from services.matters import list_addresses
from services.places import playbook
from services.words.i18n import listed


def units(question: Question) -> Extract:
    """The units called to the matters that the address asks for, of one flow that calls units."""
    session, here, words = question.session, question.here, question.words
    runs = calls.calling(playbook.of(session, here.path))
    flow = list_addresses.flow_of(question.params, runs.flows)
    wanted = calls.asked(question.params, here.path, flow)
    rows = calls.tallies(session, question.actor, wanted)
    return Extract(
        name="calls",
        title=words.say("Who was called, who came, who delivered"),
        unit=question.unit(),
        scope=question.scope(),
        asked=in_words(session, words, wanted),
        columns=_COLUMNS,
        count=len(rows),
        rows=lambda: rows,
    )


def _count(code: str, label: str, meaning: str) -> Column:
    return Column(code, label, meaning, attribute(code), "count", 10)


_COLUMNS = (
    Column("unit", listed("Unit called"), listed("The unit that was called."), attribute("unit"), width=28),
    Column("code", listed("Code"), listed("Its own code; an import finds it again by it."), attribute("code")),
    _count("calls", listed("Called"), listed("How often it was called.")),
    _count("signed", listed("Signed in"), listed("How often it signed in.")),
    _count("left", listed("Declined"), listed("How often it declined or left.")),
    _count("silent", listed("Not answered"), listed("How often it has neither signed in nor declined.")),
    _count("came", listed("Came"), listed("How often it came, of those that somebody noted.")),
    _count("absent", listed("Did not come"), listed("How often it did not come, of those that somebody noted.")),
    _count("promised", listed("Promised"), listed("Matters hung on those it was called to, and its own.")),
    _count("kept", listed("Promises kept"), listed("How many of them are done.")),
    _count("rated", listed("Rated by us"), listed("How often what it did was rated.")),
    _count("rated_well", listed("We are satisfied"), listed("Rated satisfied or basically satisfied by us.")),
    _count("rates", listed("Rated by them"), listed("How often it rated how the matter was led.")),
    _count("rates_well", listed("They are satisfied"), listed("Rated satisfied or basically satisfied by the unit.")),
)
