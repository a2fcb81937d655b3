"""Marks in an EPUB that say which copy it is: put in when a buyer fetches it, and found again in a file from anywhere.

Plain functions of bytes, without a database. `stamping` makes the copy, `finding` reads the marks of a file and weighs
them against the copies that were handed out. docs/watermark.md says what the marks survive and what they do not.
"""

from .finding import MIN_SITES, NAMED_SIGMA, CopyKey, Evidence, FoundMarks, Verdict, evidence_for, marks_in, weigh
from .keys import VERSION, new_token
from .package_mark import mark_package
from .stamping import Stamp, stamp_epub, stamped_entry

__all__ = [
    "MIN_SITES",
    "NAMED_SIGMA",
    "VERSION",
    "CopyKey",
    "Evidence",
    "FoundMarks",
    "Stamp",
    "Verdict",
    "evidence_for",
    "mark_package",
    "marks_in",
    "new_token",
    "stamp_epub",
    "stamped_entry",
    "weigh",
]
