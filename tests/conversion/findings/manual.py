"""Writes the manual's page of findings from the registry and the sentences.

    python -m tests.conversion.findings.manual            prints it
    python -m tests.conversion.findings.manual --write    writes docs/findings.md

A test holds the page equal to what is printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from conversion import messages, rules
from conversion.engine.findings.registry import FAMILIES, REGISTRY, Check

PAGE = Path(__file__).resolve().parents[3] / "docs" / "findings.md"
_FIELD = re.compile(r"\{(\w+)\}")

# What authors value, as the plan of the product lists it, and which codes say it.
WANTED: tuple[tuple[str, str], ...] = (
    (
        "words lost or doubled, per paragraph",
        "epub.words-lost epub.words-moved epub.words-doubled text.paragraph-doubled",
    ),
    ("empty or missing chapters", "structure.chapter-empty structure.no-chapters structure.part-empty"),
    ("heading jumps", "structure.heading-jump"),
    ("numbering gaps", "structure.numbering-gap structure.titles-mixed"),
    ("front matter order", "structure.front-late structure.front-order structure.title-page-doubled"),
    ("scene breaks", "scene.mixed scene.blank-lines scene.typed scene.at-edge scene.doubled"),
    ("lost emphasis", "emphasis.typed emphasis.underline emphasis.inside-word emphasis.whole-paragraphs"),
    ("notes unresolved", "note.missing note.empty note.unused note.typed source.note-missing"),
    ("dead links", "source.link-dead source.link-dropped link.placeholder link.mail-wrong"),
    ("images too small for the target", "image.small image.print-coarse page.picture-coarse"),
    ("images too heavy", "image.heavy image.too-large image.reduced"),
    ("missing alt text", "image.alt-missing image.alt-filler image.alt-file-name page.alt-missing"),
    ("language missing or wrong", "metadata.language-missing metadata.language-wrong language.contradicted"),
    ("a passage in another language", "language.passage"),
    ("straight and curly quotes mixed", "text.quotes-mixed text.quotes-straight text.quotes-unbalanced"),
    ("double spaces", "text.double-spaces"),
    ("“--” and mixed dashes", "text.hyphens-for-dash text.spaced-hyphen text.dashes-mixed"),
    (
        "spaces before punctuation in the wrong language",
        "text.space-before-punctuation text.french-spacing",
    ),
    ("tabs and blank lines used for layout", "text.tabs text.spaced-layout layout.blank-lines layout.line-breaks"),
    ("left-over comments and tracked changes", "source.comments-dropped source.tracked-changes-accepted"),
    ("missing glyphs by code point", "text.glyphs-missing text.private-use page.letter-missing"),
    ("tables wider than the phone", "table.wide"),
    ("overfull lines", "page.line-too-long page.text-cut code.wide verse.wide"),
    ("hyphen ladders", "page.hyphens"),
    ("rivers", "page.rivers"),
    ("widows", "page.widow page.orphan page.nearly-empty"),
    ("text under 7 pt", "page.text-small"),
    ("contrast", "cover.low-contrast image.transparent"),
    ("cover size, ratio and legibility at 60 px", "cover.small cover.ratio cover.dark cover.low-contrast"),
    (
        "metadata completeness",
        "metadata.title-missing metadata.author-missing metadata.description-missing metadata.subjects-missing "
        "metadata.rights-missing",
    ),
    ("ISBN check digit", "metadata.isbn-wrong"),
    ("Thema code", "metadata.thema-wrong"),
    ("reading time and level", "wording.time wording.level"),
    ("difference from the last upload", ""),
)
# No finding of one conversion: it takes two.
_ELSEWHERE = {
    "difference from the last upload": "the page “Changes” of an edition, by `publishing/selectors/changes.py`"
}


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_wanted(), *(line for family in FAMILIES.items() for line in _family(*family)), ""])


def _head() -> Iterator[str]:
    fixes = sum(check.fixable for check in REGISTRY.values())
    safe = sum(check.safe for check in REGISTRY.values())
    errors = sum(not check.overridable for check in REGISTRY.values())
    yield "# Findings"
    yield ""
    yield "Written by `python -m tests.conversion.findings.manual --write`; change the registry or the sentences,"
    yield "not this page."
    yield ""
    yield (
        f"{len(REGISTRY)} codes. **Fix**: {fixes} can be fixed with one click, or by `manage.py convert --fix CODE`. "
        f"**Safe**: {safe} of them keep every word and every paragraph (`--fix safe`). "
        f"**Firm**: {errors} are errors that no author may publish over; any other blocker may be, with a reason."
    )
    yield ""
    yield "A blocker keeps an edition from the shop. A problem is what readers will notice, advice is better followed,"
    yield "info asks nothing. Facts in the sentences are shown in ‹brackets›."
    yield ""


def _wanted() -> Iterator[str]:
    yield "## What authors want to know, and which codes say it"
    yield ""
    yield "| wanted | codes |"
    yield "|---|---|"
    for wanted, codes in WANTED:
        told = ", ".join(f"`{code}`" for code in codes.split()) or _ELSEWHERE[wanted]
        yield f"| {wanted} | {told} |"
    yield ""


def _family(name: str, checks: tuple[Check, ...]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "| code | severity | | title | advice |"
    yield "|---|---|---|---|---|"
    for check in checks:
        title, advice = messages.MESSAGES[check.code]
        fixed, firm = rules.can_fix(check.code), not rules.may_override(check.code)
        marks = ["Safe" if check.safe else "Fix"] * fixed + ["Firm"] * firm
        yield f"| `{check.code}` | {check.severity} | {', '.join(marks)} | {_cell(title)} | {_cell(advice)} |"
    yield ""


def _cell(sentence: str) -> str:
    """A sentence for Markdown: its facts in brackets, nothing taken for mark-up."""
    shown = _FIELD.sub(r"‹\1›", sentence)
    return re.sub(r"([*_<|`])", r"\\\1", shown)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write docs/findings.md")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())


if __name__ == "__main__":
    main()
