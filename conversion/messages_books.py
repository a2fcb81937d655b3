"""Sentences about EPUB variants, exports and repairs."""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ shapes of the EPUB
    "epub.pages-unmarked": (
        _("The EPUB has no list of the print edition’s pages."),
        _("Too few of the {pages} pages could be matched to the text. The EPUB is complete without this list."),
    ),
    "kindle.language": (
        _("The language “{language}” is not on Kindle’s list of supported languages."),
        _(
            "Send to Kindle may reject the file without saying why. All other reading devices and apps accept "
            "the EPUB as it is."
        ),
    ),
    "kindle.too-large": (
        _("The Kindle file is {size_mb} MB. Send to Kindle accepts at most {limit_mb} MB."),
        _("Make large pictures smaller, or split the book into volumes."),
    ),
    "kindle.large-for-mail": (
        _("The Kindle file is {size_mb} MB, which is too large to send by email."),
        _("Readers can still send it through the website or the app. The limit for email is {limit_mb} MB."),
    ),
    "kindle.formulas-kept": (
        _("Formulas remain MathML in the Kindle file ({count})."),
        _(
            "Newer Kindles show them well. In books with fewer formulas we turn them into pictures, which older"
            " Kindles can show too."
        ),
    ),
    "kindle.fixed-layout": (
        _("There is no file for Send to Kindle."),
        _("Send to Kindle does not accept books with a fixed layout. Readers can send the PDF instead."),
    ),
    # ------------------------------------------------------------ repairs of the container, only when asked for
    "repaired.archive": (
        _("The file’s archive was damaged. It was rebuilt from what could be read."),
        _("Check the whole book. Everything that was lost is listed."),
    ),
    "repaired.entry-dropped": (
        _("Parts of the file could not be read and were left out ({count})."),
        _("If you miss one of them, copy it from an older version of the file."),
    ),
    "repaired.entry-checksum": (
        _("Parts of the file were damaged and were left out ({count})."),
        _("If you miss one of them, copy it from an older version of the file."),
    ),
    "repaired.entry-cut": (
        _("A part of the file is cut off. Its text was kept up to that point."),
        _("Compare the end of that part with your manuscript."),
    ),
    "repaired.entry-twice": (
        _("Parts of the file appeared twice ({count}). The later copies were used."),
        _("Check that these are the right ones."),
    ),
    "repaired.entry-name": (
        _("Names of parts contained backslashes and were corrected ({count})."),
        _("No action needed."),
    ),
    "repaired.entry-outside": (
        _("Parts whose names point outside the file were left out ({count})."),
        _("No book needs them. If you did not make this file yourself, ask where it comes from."),
    ),
    "repaired.entry-link": (
        _("Parts that are links instead of files were left out ({count})."),
        _("No book needs them. If you did not make this file yourself, ask where it comes from."),
    ),
    "repaired.mimetype": (
        _("The file did not state its format at the start. This was corrected."),
        _("No action needed."),
    ),
    "repaired.container": (
        _("The path to the book’s package file was missing and was restored."),
        _("No action needed."),
    ),
    "repaired.package": (
        _("The book’s package file was missing. We made a new one that lists all pages by name."),
        _("Check the order of the chapters, and fill in the title, author and language."),
    ),
    "repaired.content-types": (
        _("The document’s list of part types was missing and was recreated."),
        _("No action needed."),
    ),
    "repaired.relationships": (
        _("The paths to parts of the document were missing ({count}). The parts were found by their names."),
        _("Check pictures, notes and lists."),
    ),
    "repaired.xml": (
        _("Parts of the document were malformed ({count}). Whatever could be read was kept."),
        _("Compare these places with your manuscript."),
    ),
    # ------------------------------------------------------------ repairs of the content, always made
    "repaired.part-missing": (
        _("The document refers to parts that it does not contain ({count})."),
        _("Styles, lists or notes may look different. Check them, or save the document again."),
    ),
    "repaired.path": (_("File names were written incorrectly and were corrected ({count})."), _("No action needed.")),
    "repaired.manifest": (
        _("Pages were missing from the book’s list of files and were added ({count})."),
        _("No action needed."),
    ),
    "repaired.spine": (
        _("The reading order was missing or named pages that do not exist."),
        _("Check that all chapters are there and in the right order."),
    ),
    "repaired.media-type": (
        _("Files were labelled with the wrong type ({count}). We went by their content."),
        _("No action needed."),
    ),
    "repaired.namespace": (
        _("The package file was not marked as one. It was read all the same."),
        _("No action needed."),
    ),
    "repaired.encoding": (
        _("Pages were not in the encoding that books require and were converted ({count})."),
        _("Check accents, dashes and quotation marks."),
    ),
    "repaired.entities": (
        _("Named characters that exist only in HTML were replaced by the characters themselves ({count})."),
        _("No action needed."),
    ),
    "repaired.nesting": (
        _("Elements were in places where they are not allowed. This was corrected ({count})."),
        _("No action needed."),
    ),
    "repaired.duplicate-id": (
        _("Several link targets had the same name ({count}). Links lead to the first of them."),
        _("Check the links to these places."),
    ),
    "repaired.language": (
        _("The book did not state its language. Judging by its text, it is “{language}”."),
        _("If this is wrong, set the language under Details."),
    ),
    "repaired.date": (
        _("The publication date was not a valid date. Only the part of it that is certain was kept."),
        _("Correct the date in the file."),
    ),
    "repaired.identifier": (
        _("The book had no identifier; one was made from its content."),
        _("Add its ISBN if it has one."),
    ),
    "repaired.navigation": (
        _("The book had no table of contents. We made one from its headings."),
        _("Check the table of contents."),
    ),
    "repaired.contents": (
        _("Entries in the table of contents led nowhere and were left out ({count})."),
        _("Check that nothing is missing from the table of contents."),
    ),
}
