"""The tables. One file a noun; importing this package makes the whole schema known to SQLModel."""

from models.account import Account, Attempt, AttemptCount, SignIn
from models.answer import Answer
from models.area import Area
from models.audit import AuditLine, SetupChange
from models.category import CategoryWord, LocalCategory
from models.clause import Clause
from models.deliberation import Deliberation, Objection, Publicity
from models.event import Event
from models.fact import Fact
from models.flow_version import FlowVersion
from models.importing import ImportBatch, ImportChange, SavedMapping
from models.item import Item, ItemUse
from models.ledger import LedgerAccount, LedgerEntry, Posting
from models.matter import Link, Matter
from models.matter_count import MatterCount, MatterLasting, MatterSplit
from models.meeting import Meeting, Opinion, Option, Tally
from models.occasion import Headcount, Occasion
from models.organisation import Organisation
from models.party import Party
from models.place import Forum, Office, Place, Venue
from models.public_edition import PublicEdition
from models.seal import Seal, SealHead
from models.serial import Serial

__all__ = [
    "Account",
    "Answer",
    "Area",
    "Attempt",
    "AttemptCount",
    "AuditLine",
    "CategoryWord",
    "Clause",
    "Deliberation",
    "Event",
    "Fact",
    "FlowVersion",
    "Forum",
    "Headcount",
    "ImportBatch",
    "ImportChange",
    "Item",
    "ItemUse",
    "LedgerAccount",
    "LedgerEntry",
    "Link",
    "LocalCategory",
    "Matter",
    "MatterCount",
    "MatterLasting",
    "MatterSplit",
    "Meeting",
    "Objection",
    "Occasion",
    "Office",
    "Opinion",
    "Option",
    "Organisation",
    "Party",
    "Place",
    "Posting",
    "PublicEdition",
    "Publicity",
    "SavedMapping",
    "Seal",
    "SealHead",
    "Serial",
    "SetupChange",
    "SignIn",
    "Tally",
    "Venue",
]
