"""Codes that no manuscript of our own can earn, each with the reason and the test that covers it instead."""

from __future__ import annotations

_SETTER = "our setter sees to it; pages that break the rule are made by hand"
_FAULTS = "tests/conversion/proof/test_faults.py"
_SIZE = "it would take a file of tens of megabytes; the limit is lowered instead"
_OURS = "a writer of ours would have to lose, move or double words"
_PANDOC = "pandoc reads such files in a box of its own, before the stages begin"
_BEGUN_HERE = "only a manuscript begun here can be empty; a file without words is refused"
_KEPT = "only asked for with keep_design, of EPUBs with style sheets and faces"
_IN_DESIGNED = "tests/conversion/readers/author_design/test_epub.py"
_JACKET = "only asked for with print-cover, of a book with printed pages"
_FAILING = "an engine or a writer of ours would have to fail"
_IN_FAILING = "tests/conversion/steps/test_missing_files.py"
_IN_PLAIN = "tests/conversion/steps/test_plain_chapters.py"
_IN_LEFT_OUT = "tests/conversion/steps/test_left_out.py"
_IN_JACKET = "tests/conversion/covers/test_printed.py"

BEYOND: dict[str, tuple[str, str]] = {
    "source.images-too-many": (_SIZE, "tests/golden/test_beyond.py"),
    "source.include-missing": (_PANDOC, "tests/conversion/readers/test_pandoc.py"),
    "source.commands-skipped": (_PANDOC, "tests/conversion/readers/test_pandoc.py"),
    "structure.nothing-written": (_BEGUN_HERE, "tests/golden/test_beyond.py"),
    "kindle.too-large": (_SIZE, "tests/golden/test_beyond.py"),
    "kindle.large-for-mail": (_SIZE, "tests/golden/test_beyond.py"),
    "epub.words-lost": (_OURS, "tests/conversion/checks/test_fidelity.py"),
    "epub.words-moved": (_OURS, "tests/conversion/checks/test_fidelity.py"),
    "epub.words-doubled": (_OURS, "tests/conversion/checks/test_fidelity.py"),
    "design.kept": (_KEPT, _IN_DESIGNED),
    "design.none": (_KEPT, _IN_DESIGNED),
    "design.not-here": (_KEPT, _IN_DESIGNED),
    "design.dropped": (_KEPT, _IN_DESIGNED),
    "design.face-broken": (_KEPT, _IN_DESIGNED),
    "design.face-licence": (_KEPT, _IN_DESIGNED),
    "design.face-obfuscated": (_KEPT, _IN_DESIGNED),
    "design.faces-too-many": (_KEPT, _IN_DESIGNED),
    "print-cover.spine-narrow": (_JACKET, _IN_JACKET),
    "print-cover.coarse": (_JACKET, _IN_JACKET),
    "pdf.incomplete": (_FAILING, _IN_LEFT_OUT),
    "epub.incomplete": (_FAILING, _IN_LEFT_OUT),
    "matter.not-made": (_FAILING, _IN_LEFT_OUT),
    "cover.not-drawn": (_FAILING, _IN_LEFT_OUT),
    "patch.failed": ("applying a correction would have to fail", "tests/conversion/steps/test_author_patches.py"),
    "fix.failed": ("a fix of ours would have to fail", _IN_LEFT_OUT),
    "pdf.not-made": (_FAILING, _IN_FAILING),
    "epub.chapter-plain": (_FAILING, _IN_PLAIN),
    "check.failed": ("a check of ours would have to fail", _IN_PLAIN),
    "source.part-plain": ("a reader of ours would have to fail", "tests/conversion/readers/test_plain_words.py"),
    "pdf.plain": (_FAILING, _IN_FAILING),
    "pdf.fallback": (_FAILING, _IN_FAILING),
    "pdf.formula-as-text": (_FAILING, _IN_FAILING),
    "artifact.not-made": (_FAILING, _IN_FAILING),
    "page.drawn-plainly": (_FAILING, "tests/conversion/readers/test_fixed.py"),
    "page.text-cut": (_SETTER, _FAULTS),
    "page.picture-cut": (_SETTER, _FAULTS),
    "page.picture-broken": (_SETTER, _FAULTS),
    "page.text-too-low": (_SETTER, _FAULTS),
    "page.line-too-long": (_SETTER, _FAULTS),
    "page.blank": (_SETTER, _FAULTS),
    "page.widow": (_SETTER, _FAULTS),
    "page.orphan": (_SETTER, _FAULTS),
    "page.nearly-empty": (_SETTER, _FAULTS),
    "page.rivers": (_SETTER, "tests/golden/test_beyond.py"),
}
