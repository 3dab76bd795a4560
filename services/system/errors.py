"""The one refusal. Raised in services, translated at the edge, worded as the next step."""


class Refused(Exception):
    """Something can't be done, and ``message`` says what to do next.

    ``message`` is an English catalogue key with ``{placeholders}``; ``params`` fill them after translation.
    """

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message.format(**params))
        self.message = message
        self.params = params


class NotFound(Refused):
    """The thing asked for does not exist or may not be seen: the two are worded alike on purpose."""


def listed(message: str) -> str:
    """``message`` itself: marks a sentence for the catalogues where it is kept now and translated later."""
    return message
