"""Sentences for the shapes of the EPUB, the exports and the repairs."""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ shapes of the EPUB
    "epub.pages-unmarked": (
        _("The EPUB has no list of the print edition's pages."),
        _("Too few of the {pages} pages could be found again in the text; the EPUB is complete without it."),
    ),
    "kindle.language": (
        _("Kindle does not list the language “{language}”."),
        _("Send to Kindle may refuse the file without saying why; every other reader takes the EPUB as it is."),
    ),
    "kindle.too-large": (
        _("The Kindle file is {size_mb} MB; Send to Kindle takes {limit_mb} MB at most."),
        _("Make large pictures smaller, or divide the book into volumes."),
    ),
    "kindle.large-for-mail": (
        _("The Kindle file is {size_mb} MB, too large to be sent by mail."),
        _("Readers can send it through the website or the app; by mail {limit_mb} MB are the limit."),
    ),
    "kindle.formulas-kept": (
        _("The Kindle file keeps its {count} formulas as MathML."),
        _("Newer Kindles show them well. In books with fewer formulas they become pictures for older ones too."),
    ),
    "kindle.fixed-layout": (
        _("There is no file for Send to Kindle."),
        _("It does not take books of fixed pages; readers can send the PDF instead."),
    ),
    # ------------------------------------------------------------ repairs of the container, only when asked for
    "repaired.archive": (
        _("The file's damaged archive was rebuilt from what could be read."),
        _("Look the book over; each thing that was lost is listed."),
    ),
    "repaired.entry-dropped": (
        _("Parts of the file could not be read and were left out ({count})."),
        _("If one is missed, take it from an older copy of the file."),
    ),
    "repaired.entry-checksum": (
        _("Parts of the file were damaged and were left out ({count})."),
        _("If one is missed, take it from an older copy of the file."),
    ),
    "repaired.entry-cut": (
        _("A part of the file breaks off; its text was kept as far as it goes."),
        _("Compare the end of that part with your manuscript."),
    ),
    "repaired.entry-twice": (
        _("Parts of the file were there twice ({count}); the later ones were taken."),
        _("Look whether these parts are the ones you mean."),
    ),
    "repaired.entry-name": (
        _("Names of parts were written with backslashes ({count}) and put right."),
        _("Nothing to do."),
    ),
    "repaired.entry-outside": (
        _("Parts whose names lead outside the file were left out ({count})."),
        _("No book needs them. If you did not make this file yourself, ask where it comes from."),
    ),
    "repaired.entry-link": (
        _("Parts that are links instead of files were left out ({count})."),
        _("No book needs them. If you did not make this file yourself, ask where it comes from."),
    ),
    "repaired.mimetype": (_("The file did not say first what it is; now it does."), _("Nothing to do.")),
    "repaired.container": (_("The way to the book's package was missing and was found."), _("Nothing to do.")),
    "repaired.package": (
        _("The book's package was missing; one was made that lists all pages by name."),
        _("Check the order of chapters, and fill in title, author and language."),
    ),
    "repaired.content-types": (
        _("The list of the document's part types was missing and was made."),
        _("Nothing to do."),
    ),
    "repaired.relationships": (
        _("The way to parts of the document was missing ({count}); they were found by their names."),
        _("Check pictures, notes and lists."),
    ),
    "repaired.xml": (
        _("Parts of the document were malformed ({count}) and were kept as far as they could be understood."),
        _("Compare these places with your manuscript."),
    ),
    # ------------------------------------------------------------ repairs of the content, always made
    "repaired.part-missing": (
        _("The document points to parts that are not in it ({count})."),
        _("Styles, lists or notes may have lost their looks; check them, or save the document again."),
    ),
    "repaired.path": (_("Names of files were written wrongly ({count}) and put right."), _("Nothing to do.")),
    "repaired.manifest": (
        _("Pages were missing from the book's list of files ({count}) and were added."),
        _("Nothing to do."),
    ),
    "repaired.spine": (
        _("The reading order was missing or named pages that do not exist."),
        _("Check that all chapters are there, and in order."),
    ),
    "repaired.media-type": (
        _("Files were called what they are not ({count}); their content decided."),
        _("Nothing to do."),
    ),
    "repaired.namespace": (
        _("The package forgot to say that it is one; it was read all the same."),
        _("Nothing to do."),
    ),
    "repaired.encoding": (
        _("Pages were not in the encoding that books must have ({count}) and were converted."),
        _("Look at accents, dashes and quotation marks."),
    ),
    "repaired.entities": (_("Named characters that only HTML knows were written out ({count})."), _("Nothing to do.")),
    "repaired.nesting": (
        _("Elements stood where they are not allowed ({count}) and were put right."),
        _("Nothing to do."),
    ),
    "repaired.duplicate-id": (
        _("Names of places were used twice ({count}); links lead to the first."),
        _("Check links to these places."),
    ),
    "repaired.language": (
        _("The book did not say its language; from its words it is “{language}”."),
        _("Set the language on the form if this is wrong."),
    ),
    "repaired.date": (
        _("The date of publication was no date; what is certain of it was kept."),
        _("Set it on the form."),
    ),
    "repaired.identifier": (
        _("The book had no identifier; one was made from its content."),
        _("Give it an ISBN if it has one."),
    ),
    "repaired.navigation": (
        _("The book had no contents list; one was made from its headings."),
        _("Check the contents."),
    ),
    "repaired.contents": (
        _("Lines of the contents list led nowhere ({count}) and were left out."),
        _("Check that nothing is missing from the contents."),
    ),
}
