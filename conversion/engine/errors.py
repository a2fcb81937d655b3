"""Why a conversion stopped, in two families: what the author can fix, and what we must fix."""

from __future__ import annotations

import errno

_LIMITS = {errno.EFBIG: "size", errno.ENOMEM: "memory"}
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class ConversionError(Exception):
    """Base of both families. `code` is stable; the text for people is looked up by it.

    `facts` fill in that text and never contain a path of this machine.
    """

    code = "conversion.failed"

    def __init__(self, code: str | None = None, /, **facts: str | int) -> None:
        self.code = code or type(self).code
        self.facts = facts
        super().__init__(self.code)


class AuthorFixable(ConversionError):
    """The source is at fault: show the advice, raise no alert."""

    code = "source.unreadable"


class PlatformFault(ConversionError):
    """We are at fault: apologise, alert, offer another attempt."""

    code = "platform.fault"


class Stopped(ConversionError):
    """Nobody is at fault: the conversion was cancelled."""

    code = "conversion.stopped"


def limit_error(error: Exception) -> ConversionError | None:
    """Return what to raise for an exception that says that memory, depth, file size or disk space ran out; None for
    others. A full disk is ours to mend, the other limits protect us from the source."""
    if isinstance(error, MemoryError | RecursionError):
        return AuthorFixable("source.too-demanding", limit="memory" if isinstance(error, MemoryError) else "depth")
    if isinstance(error, OSError):
        if error.errno in _NO_SPACE:
            return PlatformFault("platform.no-space")
        if error.errno in _LIMITS:
            return AuthorFixable("source.too-demanding", limit=_LIMITS[error.errno])
    return None
