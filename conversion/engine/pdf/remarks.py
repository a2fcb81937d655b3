"""What went wrong while PDFs were made, gathered over targets: which were left out, which parts they were made without,
which pieces the other engine had to set or are there as words only, which formulas are printed as their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..errors import ConversionError
from ..findings import not_made
from ..findings.model import Finding
from ..findings.omissions import Omissions
from ..findings.registry import severity
from ..markup.survey import Survey
from ..targets import Target
from .part import Part

_QUOTE_CHARACTERS = 120


class Remarks:
    """Told of each part and each failure as they come, in any order; `findings` come in the order of the book."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[ConversionError, int]] = {}  # by target, with the piece or -1
        self._plain: dict[int, str] = {}  # pieces of which only the words are set, and why
        self._fallbacks: set[int] = set()
        self._has_page_of_ours = False  # a title page, contents or running heads the other engine had to set
        self._omissions = Omissions()
        self._undrawn: dict[int, tuple[str, ...]] = {}

    def set(self, target: Target, index: int, part: Part) -> None:
        """A piece was set for a target."""
        if part.is_fallback:
            self._fallbacks.add(index)
        if part.plain_because:
            self._plain[index] = part.plain_because
        if part.undrawn:
            self._undrawn[index] = max(self._undrawn.get(index, ()), part.undrawn, key=len)

    def joined(self, without: Iterable[tuple[str, str]], *, has_fallen_back: bool) -> None:
        """A target is ready, without these parts, each with why."""
        self._omissions.add(without)
        self._has_page_of_ours |= has_fallen_back

    def failed(self, target: Target, error: ConversionError, index: int = -1) -> None:
        """A target is given up, because of a piece if there is an `index`."""
        self._failures.setdefault(target.name, (error, index))

    def raise_if_all(self, targets: Sequence[Target]) -> None:
        """Raise the first failure where no target could be made."""
        if targets and len(self._failures) == len(targets):
            raise next(iter(self._failures.values()))[0]

    def findings(self, survey: Survey, targets: Sequence[Target]) -> Iterator[Finding]:
        """All that is to be told."""
        for target in targets:
            if target.name in self._failures:
                error, index = self._failures[target.name]
                chapter = survey.pieces[index].chapter.title if index >= 0 else ""
                yield not_made.pdf(target.name, not_made.cause_of(error), chapter)
        yield from self._omissions.findings("pdf.incomplete")
        if self._has_page_of_ours:
            yield Finding("pdf.fallback", severity("pdf.fallback"))
        for chapter in dict.fromkeys(survey.pieces[index].chapter.title for index in sorted(self._fallbacks)):
            yield Finding("pdf.fallback", severity("pdf.fallback"), chapter=chapter)
        reasons = {survey.pieces[index].chapter.title: cause for index, cause in sorted(self._plain.items())}
        for chapter, cause in reasons.items():
            yield Finding("pdf.plain", severity("pdf.plain"), chapter=chapter, facts={"cause": cause})
        formulas: dict[str, list[str]] = {}
        for index, sources in sorted(self._undrawn.items()):
            formulas.setdefault(survey.pieces[index].chapter.title, []).extend(sources)
        for chapter, each in formulas.items():
            code, quote = "pdf.formula-as-text", each[0][:_QUOTE_CHARACTERS]
            yield Finding(code, severity(code), chapter=chapter, quote=quote, facts={"count": len(each)})
