"""What went wrong while PDFs were made, gathered over targets: which were left out, which pieces the other engine had
to set, which formulas are printed as their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import ConversionError
from ..findings import not_made
from ..findings.model import Finding
from ..findings.registry import severity
from ..markup.survey import Survey
from ..targets import Target
from .part import Part

_QUOTE_CHARACTERS = 120


class Remarks:
    """Told of each part and each failure as they come, in any order; `findings` come in the order of the book."""

    def __init__(self) -> None:
        self._failures: dict[str, ConversionError] = {}
        self._fallbacks: set[int] = set()
        self._has_page_of_ours = False  # a title page, contents or running heads the other engine had to set
        self._undrawn: dict[int, tuple[str, ...]] = {}

    def set(self, target: Target, index: int, part: Part) -> None:
        """A piece was set for a target."""
        if part.is_fallback:
            self._fallbacks.add(index)
        if part.undrawn:
            self._undrawn[index] = max(self._undrawn.get(index, ()), part.undrawn, key=len)

    def joined(self, target: Target, *, has_fallen_back: bool) -> None:
        """A target is ready."""
        self._has_page_of_ours |= has_fallen_back

    def failed(self, target: Target, error: ConversionError) -> None:
        """A target is given up."""
        self._failures.setdefault(target.name, error)

    def raise_if_all(self, targets: Sequence[Target]) -> None:
        """Raise the first failure where no target could be made."""
        if targets and len(self._failures) == len(targets):
            raise next(iter(self._failures.values()))

    def findings(self, survey: Survey, targets: Sequence[Target]) -> Iterator[Finding]:
        """All that is to be told."""
        yield from (not_made.pdf(target.name) for target in targets if target.name in self._failures)
        if self._has_page_of_ours:
            yield Finding("pdf.fallback", severity("pdf.fallback"))
        for chapter in dict.fromkeys(survey.pieces[index].chapter.title for index in sorted(self._fallbacks)):
            yield Finding("pdf.fallback", severity("pdf.fallback"), chapter=chapter)
        formulas: dict[str, list[str]] = {}
        for index, sources in sorted(self._undrawn.items()):
            formulas.setdefault(survey.pieces[index].chapter.title, []).extend(sources)
        for chapter, each in formulas.items():
            code, quote = "pdf.formula-as-text", each[0][:_QUOTE_CHARACTERS]
            yield Finding(code, severity(code), chapter=chapter, quote=quote, facts={"count": len(each)})
