"""Routes: the arrows a sample issue takes, straight or with a detour. The tests hold them against data/flows."""

# From filed to closed; a leg ends where the deadline changes.
LEGS: dict[str, tuple[tuple[str, ...], ...]] = {
    "plain": (("dispatch", "start", "finish", "verify"),),
    "send_back": (("dispatch", "send_back", "dispatch", "start", "finish", "verify"),),
    "rework": (("dispatch", "start", "finish", "rework", "finish", "verify"),),
    "escalate": (("dispatch", "start", "escalate", "dispatch", "start", "finish", "verify"),),
    "extend": (("dispatch", "start", "ask_extension", "extend"), ("finish", "verify")),
    "suspend": (("dispatch", "start", "ask_hold", "suspend"), ("resume",), ("finish", "verify")),
}
# The routes that keep their deadline, so that they fit between any opening and now.
QUICK = ("plain", "send_back", "rework", "escalate")
# From filed to where an open issue stands now.
UNTIL: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": (),
    "filed": (),
    "dispatched": ("dispatch",),
    "in_progress": ("dispatch", "start"),
    "to_verify": ("dispatch", "start", "finish"),
    "hold_asked": ("dispatch", "start", "ask_hold"),
    "suspended": ("dispatch", "start", "ask_hold", "suspend"),
    "extension_asked": ("dispatch", "start", "ask_extension"),
}
