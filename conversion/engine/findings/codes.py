"""The finding codes by family, in the order of the manual."""

from __future__ import annotations

from dataclasses import dataclass

from .model import Severity


@dataclass(frozen=True, slots=True)
class Check:
    """One code. `overridable` findings are matters of taste or judgement: an author may publish despite them with a
    reason; the others are plain errors. `fixable` ones can be corrected by `fixes.FIXES`; those that are also `safe`
    keep every word and every paragraph, and nobody would want them otherwise."""

    code: str
    severity: Severity
    overridable: bool = True
    fixable: bool = False
    safe: bool = False


_FLAGS = {"fix": {"fixable": True}, "safe": {"fixable": True, "safe": True}, "error": {"overridable": False}}


def _codes(prefix: str, lines: str) -> tuple[Check, ...]:
    """Return the checks of one family from lines of "name severity flags": the engine corrects `fix` and `safe`;
    `error` is not a matter of taste."""
    checks = []
    for line in lines.split("\n"):
        name, *rest = line.split() or [""]
        if name:
            flags: dict[str, bool] = {}
            for word in rest[1:]:
                flags |= _FLAGS[word]
            checks.append(Check(f"{prefix}.{name}", Severity(rest[0]), **flags))
    return tuple(checks)


FAMILIES: dict[str, tuple[Check, ...]] = {
    "Chapters and headings": _codes(
        "structure",
        """
        no-chapters          problem
        nothing-written      blocker  error
        chapter-empty        advice   fix
        chapter-short        advice
        chapter-long         advice
        chapter-doubled      problem
        chapter-untitled     advice
        chapter-cut          advice
        numbering-gap        advice
        titles-same          advice
        titles-mixed         advice
        titles-capitals      info
        front-late           advice
        front-order          advice
        title-page-doubled   advice
        contents-typed       advice   fix
        part-empty           advice
        heading-jump         advice
        heading-bold         advice   fix
        heading-long         advice
        heading-same         advice
        section-empty        advice
        """,
    ),
    "Scene breaks": _codes(
        "scene",
        """
        mixed                info
        blank-lines          info
        typed                advice   fix
        at-edge              advice   safe
        doubled              advice   safe
        """,
    ),
    "Layout": _codes(
        "layout",
        """
        blank-lines          info
        line-breaks          advice   fix
        centered             advice
        list-typed           advice   fix
        """,
    ),
    "Emphasis": _codes(
        "emphasis",
        """
        underline            advice   fix
        typed                advice   fix
        whole-paragraphs     advice
        inside-word          advice
        struck               advice
        """,
    ),
    "Characters": _codes(
        "text",
        """
        mojibake             problem  safe
        unreadable           problem
        private-use          problem
        glyphs-missing       problem
        letters-mixed        problem
        ligatures            advice   safe
        zero-width           advice   safe
        soft-hyphens         advice   safe
        no-break-spaces      advice   safe
        entities             problem  safe
        markup-left          problem
        """,
    ),
    "Spaces": _codes(
        "text",
        """
        double-spaces        advice   safe
        tabs                 advice   fix
        spaced-layout        advice   fix
        space-before-punctuation advice safe
        space-missing        advice   safe
        sentences-joined     advice
        space-inside-quotes  advice   safe
        space-inside-brackets advice  safe
        french-spacing       advice   safe
        """,
    ),
    "Quotation marks, dashes and dots": _codes(
        "text",
        """
        quotes-mixed         advice   safe
        quotes-straight      advice   safe
        quotes-turned        advice   safe
        quotes-unbalanced    advice
        apostrophe-turned    advice   safe
        apostrophe-accent    advice   safe
        primes               advice   fix
        hyphens-for-dash     advice   safe
        spaced-hyphen        advice   fix
        dashes-mixed         advice
        hyphen-for-range     advice   fix
        three-dots           advice   safe
        doubled-punctuation  advice   safe
        """,
    ),
    "Left over": _codes(
        "text",
        """
        placeholder          problem
        page-numbers         problem  fix
        running-heads        problem  fix
        split-words          problem  fix
        broken-paragraphs    problem
        ocr                  problem
        doubled-words        problem
        paragraph-doubled    problem
        paragraph-long       advice
        capitals             advice
        """,
    ),
    "Wording": _codes(
        "wording",
        """
        spelling-mixed       advice
        hyphens-mixed        advice
        time                 info
        level                info
        """,
    ),
    "Language": _codes(
        "language",
        """
        contradicted         advice
        passage              advice
        """,
    ),
    "Notes": _codes(
        "note",
        """
        missing              problem
        empty                problem
        unused               advice
        order                advice
        doubled              advice
        typed                advice
        """,
    ),
    "Links": _codes(
        "link",
        """
        empty                advice   fix
        placeholder          advice
        mail-wrong           advice
        typed                advice   fix
        text-vague           advice
        text-address         info
        insecure             info
        """,
    ),
    "Pictures": _codes(
        "image",
        """
        unusable             problem
        too-large            problem
        small                advice
        print-coarse         advice
        heavy                advice
        tall                 advice
        blank                advice
        alt-missing          advice
        alt-file-name        advice
        alt-filler           advice
        alt-long             advice
        alt-repeats-caption  advice
        repeated             info
        transparent          info
        converted-colours    info
        reduced              info
        animated             info
        svg-stripped         info
        """,
    ),
    "Tables, code and verse": (
        *_codes(
            "table",
            """
        wide                 advice
        empty                advice
        header-missing       advice
        layout               advice
        """,
        ),
        Check("code.wide", Severity.INFO),
        Check("verse.wide", Severity.INFO),
    ),
    "Details of the book": _codes(
        "metadata",
        """
        title-missing        problem  error
        title-long           problem
        title-capitals       advice
        title-placeholder    problem
        title-file-name      advice
        subtitle-repeated    advice
        author-missing       advice
        author-placeholder   problem
        author-inverted      advice
        language-missing     problem  error
        language-wrong       problem  error
        description-missing  advice
        description-short    info
        description-markup   advice
        subjects-missing     info
        thema-wrong          advice
        rights-missing       info
        isbn-wrong           problem  error
        date-wrong           advice
        date-future          info
        """,
    ),
    "Cover": _codes(
        "cover",
        """
        drawn                info
        letters-missing      info
        not-drawn            problem
        small                problem
        ratio                advice
        dark                 advice
        low-contrast         advice
        """,
    ),
    "The author's own design": _codes(
        "design",
        """
        kept                 info
        none                 info
        not-here             info
        dropped              info
        face-broken          advice
        face-licence         advice
        face-obfuscated      advice
        faces-too-many       advice
        """,
    ),
    "Printed cover": _codes(
        "print-cover",
        """
        spine-narrow         info
        coarse               advice
        """,
    ),
    "What the readers left out or settled": _codes(
        "source",
        """
        comments-dropped     advice
        tracked-changes-accepted advice
        hidden-text-dropped  advice
        contents-dropped     info
        running-heads-dropped info
        image-remote         problem
        image-missing        problem
        images-too-many      problem
        drawing-dropped      problem
        embedded-dropped     problem
        active-dropped       info
        link-dropped         advice
        link-dead            advice
        note-missing         problem
        markup-repaired      info
        nesting-flattened    advice
        encoding-guessed     info
        cut-short            problem
        controls-dropped     advice
        encoding-damaged     problem
        gutenberg-dropped    info
        part-absent          problem
        part-plain           problem
        table-flattened      problem
        spine-repeated       advice
        drawing-told         problem
        include-missing      problem
        files-unlisted       advice
        files-by-name        info
        commands-skipped     advice
        formula-unread       problem
        """,
    ),
    "What was repaired": _codes(
        "repaired",
        """
        archive              info
        entry-dropped        problem
        entry-checksum       problem
        entry-cut            problem
        entry-twice          advice
        entry-name           info
        entry-outside        problem
        entry-link           problem
        mimetype             info
        container            info
        package              problem
        content-types        info
        relationships        info
        xml                  problem
        part-missing         advice
        path                 info
        manifest             info
        spine                problem
        media-type           info
        namespace            info
        encoding             advice
        entities             info
        nesting              info
        duplicate-id         info
        language             advice
        date                 info
        identifier           info
        navigation           info
        contents             info
        """,
    ),
    "Books of fixed layout": _codes(
        "page",
        """
        left-out             blocker  error
        drawn-plainly        problem
        alt-missing          problem
        alt-from-words       advice
        no-words             advice
        mostly-text          advice
        faces-left           advice
        words-unplaced       advice
        links-left           info
        parts-left           info
        comic-info-unreadable advice
        """,
    ),
    "Pages": (
        # Cut-off words keep a book out of the shop, unless its author gives a reason why they are correct.
        Check("page.text-cut", Severity.BLOCKER),
        *_codes(
            "page",
            """
        picture-cut          problem
        picture-broken       problem
        letter-missing       problem
        text-too-low         problem
        line-too-long        advice
        text-small           advice
        picture-coarse       advice
        blank                advice
        widow                advice
        orphan               advice
        hyphens              info
        nearly-empty         info
        rivers               info
        """,
        ),
    ),
    "What was made": (
        Check("epub.words-lost", Severity.BLOCKER, overridable=False),
        Check("epub.words-moved", Severity.PROBLEM, overridable=False),
        Check("epub.words-doubled", Severity.PROBLEM, overridable=False),
        Check("epub.chapter-plain", Severity.PROBLEM),
        Check("epub.incomplete", Severity.PROBLEM),
        Check("epub.pages-unmarked", Severity.INFO),
        Check("check.failed", Severity.INFO),
        Check("kindle.language", Severity.ADVICE),
        Check("kindle.too-large", Severity.PROBLEM),
        Check("kindle.large-for-mail", Severity.INFO),
        Check("kindle.formulas-kept", Severity.INFO),
        Check("kindle.fixed-layout", Severity.INFO),
        Check("pdf.own-cleaned", Severity.ADVICE),
        Check("pdf.not-made", Severity.PROBLEM),
        Check("pdf.plain", Severity.PROBLEM),
        Check("pdf.incomplete", Severity.PROBLEM),
        Check("pdf.fallback", Severity.INFO),
        Check("pdf.formula-as-text", Severity.PROBLEM),
        Check("artifact.not-made", Severity.PROBLEM),
        Check("matter.not-made", Severity.PROBLEM),
        Check("fix.failed", Severity.PROBLEM),
        Check("patch.failed", Severity.PROBLEM),
    ),
}
