"""Event names: what the log calls what happened to a matter, as words of the vocabulary."""

from services.words import vocabulary

# What was written down wrong was put right: the event says what stood there and what stands there now.
CORRECTED = "corrected"


def word(flow: str, action: str) -> tuple[str, str]:
    """Kind and code of the word: an arrow's own, or that of what is recorded besides."""
    own = f"action.{flow}"
    return (own if vocabulary.known(own, action) else "event"), action


def recorded() -> list[str]:
    """What is recorded besides the arrows."""
    return vocabulary.codes("event")
