"""Looks of a sheet: fonts, lines and number formats, in the calm of an official form."""

from typing import Any

_LINE = {"border": 1, "border_color": "#BFB8AE"}
_CELL: dict[str, Any] = {"font_size": 10, "valign": "top", **_LINE}
_TOLD: dict[str, Any] = {"font_size": 10, "valign": "vcenter", "font_color": "#3A342E"}
_BAND: dict[str, Any] = {"bold": True, "font_size": 10, "align": "center", "valign": "vcenter", "text_wrap": True}

LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "told": _TOLD,
    "note": {**_TOLD, "font_color": "#A61E22"},
    "heading": {**_BAND, **_LINE, "bg_color": "#F0EBE4"},
    "beside": {**_BAND, **_LINE, "bg_color": "#FAF8F5", "font_color": "#6B6259"},
    "needed": {**_BAND, **_LINE, "bg_color": "#A61E22", "font_color": "#FFFFFF"},
    "term": {**_CELL, "bold": True, "text_wrap": True},
    "wrapped": {**_CELL, "num_format": "@", "text_wrap": True},
    "text": {**_CELL, "num_format": "@", "text_wrap": True},
    "example": {**_CELL, "num_format": "@", "italic": True, "font_color": "#8A8F98"},
    "count": {**_CELL, "num_format": "#,##0"},
    "number": {**_CELL, "num_format": "General"},
    "share": {**_CELL, "num_format": "0.0%"},
    "day": {**_CELL, "num_format": "yyyy-mm-dd", "align": "center"},
    "moment": {**_CELL, "num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}
# The look of each kind of column.
FORMATS = {"text": "text", "count": "count", "number": "number", "share": "share", "day": "day", "moment": "moment"}
