"""The tables. One file a noun; importing this package makes the whole schema known to SQLModel."""

from models.account import Account, SignIn
from models.area import Area
from models.audit import AuditLine
from models.category import CategoryWord, LocalCategory
from models.deliberation import Deliberation, Verdict
from models.event import Event
from models.follow_up import FollowUp
from models.importing import ImportBatch, ImportChange, SavedMapping
from models.link import Link
from models.matter import ActionItem, Matter
from models.matter_count import MatterCount, MatterLasting, MatterSplit
from models.meeting import Attendance, Meeting, Opinion, Option, Tally
from models.organisation import Organisation
from models.place import Forum, Office, Place, Venue
from models.publicity import Objection, Publicity
from models.serial import Serial

__all__ = [
    "Account",
    "ActionItem",
    "Area",
    "Attendance",
    "AuditLine",
    "CategoryWord",
    "Deliberation",
    "Event",
    "FollowUp",
    "Forum",
    "ImportBatch",
    "ImportChange",
    "Link",
    "LocalCategory",
    "Matter",
    "MatterCount",
    "MatterLasting",
    "MatterSplit",
    "Meeting",
    "Objection",
    "Office",
    "Opinion",
    "Option",
    "Organisation",
    "Place",
    "Publicity",
    "SavedMapping",
    "Serial",
    "SignIn",
    "Tally",
    "Venue",
    "Verdict",
]
