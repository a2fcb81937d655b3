"""Why a chapter that comes in is refused. Codes are for programs; whoever asked says what to do about them."""

from __future__ import annotations


class EditingError(ValueError):
    """`code` says what is wrong, `block` is the id of the block where it is, or ""."""

    def __init__(self, code: str, block: str = "") -> None:
        self.code, self.block = code, block
        super().__init__(f"{code} {block}".strip())


class MalformedChapter(EditingError):
    """What came in is not a chapter."""


class NotPossible(EditingError):
    """The chapter is well-formed, but no patches make it from its base."""


class UnknownChapter(EditingError):
    """The book has no such chapter."""
