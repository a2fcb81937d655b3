"""Sentences for refusals and findings of the gate and the readers: code -> title and advice.

`{facts}` are filled in from the error or the finding. Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ refusals of the gate
    "source.empty": (_("This file is empty."), _("Check that the upload finished, then choose the file again.")),
    "source.no-text": (
        _("There is no text in this file: it is empty or blank."),
        _("Open it to check that your text is there, then save it and upload it again."),
    ),
    "source.too-large": (
        _("This file is too large ({size_mb} MB; the limit is {limit_mb} MB)."),
        _("Make the pictures smaller or split the manuscript."),
    ),
    "source.encrypted": (
        _("This file is encrypted or protected by a password or DRM."),
        _("Remove the password or protection in the program you wrote it with, and upload the unprotected file."),
    ),
    "source.macros": (
        _("This is a macro-enabled Word document (.docm), a format that is not supported."),
        _("In Word choose Save As and the type “Word Document (.docx)”; your text stays the same."),
    ),
    "source.type-legacy-office": (
        _("This is an old Office file format, not a .docx document."),
        _("Open it in Word or LibreOffice and save it as .docx."),
    ),
    "source.type-unsupported": (
        _("This file type is not supported: {kind}."),
        _("Upload a DOCX, EPUB, ODT, RTF, HTML, Markdown or plain-text file."),
    ),
    "source.own-malformed": (
        _("This book file cannot be read: something is wrong in it at {place}."),
        _("Upload the file as you downloaded it. If you changed it by hand, undo your change there."),
    ),
    "source.two-formats": (
        _("This file is both {first} and {second}, so two programs would show two different books."),
        _("Save the manuscript again from the program you wrote it with, in one format, and upload that file."),
    ),
    "source.type-mismatch": (
        _("This file is named .{extension} but is not a valid .{extension} file."),
        _("Open it in the program you wrote it with, save it as DOCX, ODT or EPUB and upload that."),
    ),
    "source.not-a-manuscript": (
        _("This file is not a manuscript but something else: {kind}."),
        _("Upload a DOCX, EPUB, ODT, RTF, HTML, Markdown or plain-text file."),
    ),
    "source.binary": (
        _("This file is not text: it contains binary data."),
        _("Save it as plain text in UTF-8 encoding, or upload the original document."),
    ),
    "source.zip-damaged": (
        _("This file is damaged or incomplete: the zip archive inside it cannot be read."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-header-mismatch": (
        _("This file is damaged: the headers in its zip archive do not match (near “{part}”)."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-duplicate": (
        _("This file is damaged: its zip archive contains “{part}” twice."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-overlap": (
        _("This file is damaged: entries in its zip archive overlap, or there is other data between them."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-traversal": (
        _("This file is not safe to open: an entry in its zip archive has a path that points outside it."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-link": (
        _("This file is not safe to open: an entry in its zip archive is a link instead of a file."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-method": (
        _("This file is not valid: its zip archive uses a compression method that documents do not use."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.zip-many-entries": (
        _("The zip archive of this file has too many entries ({entries}; the limit is {limit})."),
        _("Split the book into volumes, or save it again from the program you wrote it with."),
    ),
    "source.zip-bomb": (
        _("This file is too large once unpacked ({size_mb} MB; the limit is {limit_mb} MB)."),
        _("Make the pictures smaller or split the manuscript."),
    ),
    "source.part-missing": (
        _("This document is damaged: a part it needs is missing (“{part}”)."),
        _("Save it again from the program you wrote it with, or let us repair it and check what was lost."),
    ),
    "source.entity-expansion": (
        _("This document declares XML entities or a document type of its own, which is not allowed (“{part}”)."),
        _("Save it again from the program you wrote it with; documents do not need such declarations."),
    ),
    "source.xml-malformed": (
        _("This document is damaged: its XML is malformed or contains characters that are not allowed (“{part}”)."),
        _("Open it in the program you wrote it with and save it again, or let us repair it and check what was lost."),
    ),
    "source.xml-too-deep": (
        _("This document is too deeply nested to be read (“{part}”)."),
        _("Copy the text into a new document and save that."),
    ),
    "source.too-many-parts": (
        _("This book has too many parts ({count}; the limit is {limit})."),
        _("Split it into volumes."),
    ),
    # ------------------------------------------------------------ remarks of the readers
    "source.comments-dropped": (
        _("Comments were left out ({count})."),
        _("Go through them once more so that you do not miss anything an editor asked for."),
    ),
    "source.tracked-changes-accepted": (
        _("Tracked changes were accepted ({count})."),
        _("If you have not decided on them yet, accept or reject them yourself before the next upload."),
    ),
    "source.hidden-text-dropped": (
        _("Hidden text was left out ({count})."),
        _("If readers should see it, remove the “hidden” formatting."),
    ),
    "source.contents-dropped": (
        _("The table of contents in your file was left out; we make a new one."),
        _("No action needed: every edition gets its own table of contents."),
    ),
    "source.running-heads-dropped": (
        _("The headers and footers of your pages were left out; we make new ones."),
        _("No action needed, unless they contain text of the book."),
    ),
    "source.image-remote": (
        _("Pictures that are only linked, not contained in the file, were left out ({count})."),
        _("Insert the pictures into the document itself and upload it again."),
    ),
    "source.image-missing": (
        _("The picture “{name}” is missing from the file."),
        _("Insert it again and save the document."),
    ),
    "source.images-too-many": (
        _("Some pictures were left out because there are too many of them or they are too large ({count})."),
        _("Make the pictures smaller."),
    ),
    "source.drawing-dropped": (
        _("Charts or diagrams could not be read and were left out ({count})."),
        _("Save each as a picture and insert that."),
    ),
    "source.embedded-dropped": (
        _("Embedded files, media or objects were left out ({count})."),
        _("If they matter to readers, insert their text or a picture of them."),
    ),
    "source.active-dropped": (
        _("Scripts, forms or other active content were left out ({count})."),
        _("No action needed: books contain only text and pictures."),
    ),
    "source.link-dropped": (
        _("Links that are not web or email addresses lost their target ({count})."),
        _("Use full addresses beginning with https://."),
    ),
    "source.link-dead": (
        _("Links inside the book lead nowhere ({count})."),
        _("Insert the cross-references again, or remove the links."),
    ),
    "source.note-missing": (
        _("Note references have no note ({count})."),
        _("Delete these references or write their notes again."),
    ),
    "source.markup-repaired": (
        _("Damaged markup was repaired ({count})."),
        _("Compare the proof with your original near this place."),
    ),
    "source.nesting-flattened": (
        _("Text that was too deeply nested lost its formatting ({count})."),
        _("Copy the text into a new document if the formatting matters."),
    ),
    "source.cut-short": (
        _("The file ends in the middle of the text: it is not complete."),
        _("Save it again from the program you wrote it with, and compare the end of the proof with your original."),
    ),
    "source.controls-dropped": (
        _("Control characters, which books cannot contain, were removed ({count})."),
        _("Usually nothing is missing. If letters are missing, save the manuscript again as UTF-8 or DOCX."),
    ),
    "source.encoding-guessed": (
        _("The encoding of the text was guessed ({codec})."),
        _("If letters look wrong, save the file as UTF-8 and upload it again."),
    ),
    "source.encoding-damaged": (
        _("Some characters could not be read and appear as � ({count})."),
        _("Save the file as UTF-8 from the program you wrote it with."),
    ),
    "source.gutenberg-dropped": (
        _("The licence text around a Project Gutenberg book was left out."),
        _("No action needed."),
    ),
    "source.part-absent": (
        _("Parts that the book lists are missing from the file ({count})."),
        _("Export the EPUB again; compare the proof with your original."),
    ),
    "source.files-unlisted": (
        _("Markdown files that the list of chapters does not name were left out ({count})."),
        _("If they belong to the book, add them to SUMMARY.md or Book.txt and upload the ZIP again."),
    ),
    "source.files-by-name": (
        _("The ZIP has no list of its {count} Markdown files, so they come in the order of their names."),
        _("If the order is wrong, add a SUMMARY.md (as for mdBook) or a Book.txt (as for Leanpub)."),
    ),
    "source.table-flattened": (
        _("Tables with more columns than a page can show were written out as text ({count})."),
        _("Split each into narrower tables."),
    ),
    "source.spine-repeated": (
        _("Parts that the book lists more than once were read only once ({count})."),
        _("No action needed, unless the repetition was intended."),
    ),
}
