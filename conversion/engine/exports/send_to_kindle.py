"""Findings about what Send to Kindle may refuse, before a reader tries it."""

from __future__ import annotations

from ..book.model import Math
from ..checks import BookAnalysis
from ..epub.kindle import MAX_FORMULAS
from ..findings.model import Finding, Severity
from ..markup.terms import primary

WEB_LIMIT_MB = 200
MAIL_LIMIT_MB = 50
# Languages that Amazon lists for Kindle books. A file in another one is often refused without a reason.
_LANGUAGES = frozenset(
    {
        *("af", "ar", "br", "ca", "co", "cy", "da", "de", "en", "es", "eu", "fi", "fr", "frr", "fy", "ga", "gd", "gl"),
        *("gsw", "gu", "gv", "he", "hi", "is", "it", "ja", "kw", "la", "lb", "ml", "mr", "nb", "nl", "nn", "no", "oc"),
        *("pl", "pt", "rm", "ro", "sco", "stq", "sv", "ta", "yi", "zh"),
    }
)


def remarks(analysis: BookAnalysis, language: str, size_bytes: int) -> list[Finding]:
    """Return findings about a finished Kindle file of this size."""
    found: list[Finding] = []
    megabytes = -(-size_bytes // 1_000_000)
    if primary(language) not in _LANGUAGES:
        found.append(Finding("kindle.language", Severity.ADVICE, facts={"language": language or "?"}))
    if megabytes > WEB_LIMIT_MB:
        found.append(
            Finding("kindle.too-large", Severity.PROBLEM, facts={"size_mb": megabytes, "limit_mb": WEB_LIMIT_MB})
        )
    elif megabytes > MAIL_LIMIT_MB:
        found.append(
            Finding("kindle.large-for-mail", Severity.INFO, facts={"size_mb": megabytes, "limit_mb": MAIL_LIMIT_MB})
        )
    formulas = sum(isinstance(node, Math) for _, node in analysis.nodes)
    if formulas > MAX_FORMULAS:
        found.append(Finding("kindle.formulas-kept", Severity.INFO, facts={"count": formulas}))
    return found
