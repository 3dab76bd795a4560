"""Recorded: what the log calls what happened to a matter, where it is no arrow of a flow."""

from services.words.i18n import listed

RECORDED = {
    "create": listed("Raised"),
    "note": listed("Note"),
    "import": listed("Imported"),
    "reimport": listed("Imported again, changed"),
    "import_undone": listed("Import undone"),
    "moved": listed("Flow changed"),
    "absorb": listed("Took in"),
    "release": listed("Let go again"),
    "distinct": listed("Not the same"),
    "attendance": listed("Attendance"),
    "expected": listed("Expected"),
    "opinion": listed("Opinion"),
    "option": listed("Option"),
    "option_removed": listed("Option removed"),
    "tally": listed("Count"),
    "resolution": listed("Resolution"),
    "action_item": listed("Action item"),
    "action_step": listed("Action item moved"),
    "objection": listed("Objection"),
    "reply": listed("Answer"),
}
