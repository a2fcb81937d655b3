"""Parts that a file can do without: where one cannot be made, the file is made without it, and a finding names it."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType

from .model import Finding
from .not_made import cause_of
from .registry import severity

type Allowed = AbstractContextManager[None, bool]


@dataclass(slots=True)
class Omissions:
    """The parts left out, each with why, both in words that `conversion/fact_terms.py` knows."""

    causes: dict[str, str] = field(default_factory=dict)

    def allow(self, part: str) -> Allowed:
        """Leave a part out where the `with` statement that makes it raises anything."""
        return _Attempt(self, part)

    def add(self, others: Iterable[tuple[str, str]]) -> None:
        """Add the parts left out of another file of the same kind."""
        for part, cause in others:
            self.causes.setdefault(part, cause)

    def findings(self, code: str) -> list[Finding]:
        """Return one finding for all parts that are missing for the same reason."""
        parts: dict[str, list[str]] = {}
        for part, cause in self.causes.items():
            parts.setdefault(cause, []).append(part)
        return [
            Finding(code, severity(code), facts={"missing": ", ".join(missing), "cause": cause})
            for cause, missing in parts.items()
        ]


@dataclass(frozen=True, slots=True)
class _Attempt(AbstractContextManager[None, bool]):
    """The making of one part. Memory that ran out is raised: more would be used up."""

    omissions: Omissions
    part: str

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, MemoryError):
            return False
        traceback.print_exception(error)
        self.omissions.causes.setdefault(self.part, cause_of(error))
        return True
