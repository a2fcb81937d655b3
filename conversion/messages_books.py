"""Sentences for the shapes of the EPUB, the exports and the repairs."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ shapes of the EPUB
    "epub.pages-unmarked": (
        "The EPUB has no list of the print edition's pages.",
        "Too few of the {pages} pages could be found again in the text; the EPUB is complete without it.",
    ),
    "kindle.language": (
        "Kindle does not list the language “{language}”.",
        "Send to Kindle may refuse the file without saying why; every other reader takes the EPUB as it is.",
    ),
    "kindle.too-large": (
        "The Kindle file is {size_mb} MB; Send to Kindle takes {limit_mb} MB at most.",
        "Make large pictures smaller, or divide the book into volumes.",
    ),
    "kindle.large-for-mail": (
        "The Kindle file is {size_mb} MB, too large to be sent by mail.",
        "Readers can send it through the website or the app; by mail {limit_mb} MB are the limit.",
    ),
    "kindle.formulas-kept": (
        "The Kindle file keeps its {count} formulas as MathML.",
        "Newer Kindles show them well. In books with fewer formulas they become pictures for older ones too.",
    ),
    "kindle.fixed-layout": (
        "There is no file for Send to Kindle.",
        "It does not take books of fixed pages; readers can send the PDF instead.",
    ),
    # ------------------------------------------------------------ repairs of the container, only when asked for
    "repaired.archive": (
        "The file's damaged archive was rebuilt from what could be read.",
        "Look the book over; each thing that was lost is listed.",
    ),
    "repaired.entry-dropped": (
        "Parts of the file could not be read and were left out ({count}).",
        "If one is missed, take it from an older copy of the file.",
    ),
    "repaired.entry-checksum": (
        "Parts of the file were damaged and were left out ({count}).",
        "If one is missed, take it from an older copy of the file.",
    ),
    "repaired.entry-cut": (
        "A part of the file breaks off; its text was kept as far as it goes.",
        "Compare the end of that part with your manuscript.",
    ),
    "repaired.entry-twice": (
        "Parts of the file were there twice ({count}); the later ones were taken.",
        "Look whether these parts are the ones you mean.",
    ),
    "repaired.entry-name": ("Names of parts were written with backslashes ({count}) and put right.", "Nothing to do."),
    "repaired.entry-outside": (
        "Parts whose names lead outside the file were left out ({count}).",
        "No book needs them. If you did not make this file yourself, ask where it comes from.",
    ),
    "repaired.entry-link": (
        "Parts that are links instead of files were left out ({count}).",
        "No book needs them. If you did not make this file yourself, ask where it comes from.",
    ),
    "repaired.mimetype": ("The file did not say first what it is; now it does.", "Nothing to do."),
    "repaired.container": ("The way to the book's package was missing and was found.", "Nothing to do."),
    "repaired.package": (
        "The book's package was missing; one was made that lists all pages by name.",
        "Check the order of chapters, and fill in title, author and language.",
    ),
    "repaired.content-types": ("The list of the document's part types was missing and was made.", "Nothing to do."),
    "repaired.relationships": (
        "The way to parts of the document was missing ({count}); they were found by their names.",
        "Check pictures, notes and lists.",
    ),
    "repaired.xml": (
        "Parts of the document were malformed ({count}) and were kept as far as they could be understood.",
        "Compare these places with your manuscript.",
    ),
    # ------------------------------------------------------------ repairs of the content, always made
    "repaired.part-missing": (
        "The document points to parts that are not in it ({count}).",
        "Styles, lists or notes may have lost their looks; check them, or save the document again.",
    ),
    "repaired.path": ("Names of files were written wrongly ({count}) and put right.", "Nothing to do."),
    "repaired.manifest": (
        "Pages were missing from the book's list of files ({count}) and were added.",
        "Nothing to do.",
    ),
    "repaired.spine": (
        "The reading order was missing or named pages that do not exist.",
        "Check that all chapters are there, and in order.",
    ),
    "repaired.media-type": ("Files were called what they are not ({count}); their content decided.", "Nothing to do."),
    "repaired.namespace": ("The package forgot to say that it is one; it was read all the same.", "Nothing to do."),
    "repaired.encoding": (
        "Pages were not in the encoding that books must have ({count}) and were converted.",
        "Look at accents, dashes and quotation marks.",
    ),
    "repaired.entities": ("Named characters that only HTML knows were written out ({count}).", "Nothing to do."),
    "repaired.nesting": ("Elements stood where they are not allowed ({count}) and were put right.", "Nothing to do."),
    "repaired.duplicate-id": (
        "Names of places were used twice ({count}); links lead to the first.",
        "Check links to these places.",
    ),
    "repaired.language": (
        "The book did not say its language; from its words it is “{language}”.",
        "Set the language on the form if this is wrong.",
    ),
    "repaired.date": ("The date of publication was no date; what is certain of it was kept.", "Set it on the form."),
    "repaired.identifier": (
        "The book had no identifier; one was made from its content.",
        "Give it an ISBN if it has one.",
    ),
    "repaired.navigation": ("The book had no contents list; one was made from its headings.", "Check the contents."),
    "repaired.contents": (
        "Lines of the contents list led nowhere ({count}) and were left out.",
        "Check that nothing is missing from the contents.",
    ),
}
