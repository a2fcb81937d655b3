"""Sentences for what the gate and the readers refuse or remark: code -> title and advice.

`{facts}` are filled in from the error or the finding. Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ refusals of the gate
    "source.empty": (_("This file is empty."), _("Check that the upload finished, then choose the file again.")),
    "source.no-text": (
        _("There is no text in this file: it is empty or blank."),
        _("Open it to see whether your words are there, save it, and upload it again."),
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
        _("Upload a DOCX, EPUB, ODT, HTML, Markdown or plain-text file."),
    ),
    "source.rtf": (
        _("This is an RTF file, which we cannot read without losing text."),
        _("Open it in your word processor, save it as DOCX or ODT, and upload that file."),
    ),
    "source.two-formats": (
        _("This file is {first} and {second} at once, so two programs would show two different books."),
        _("Save the manuscript again from the program you wrote it with, in one format, and upload that file."),
    ),
    "source.type-mismatch": (
        _("This file is named .{extension} but is not a valid .{extension} file."),
        _("Open it in the program that you wrote it with, save it as DOCX, ODT or EPUB and upload that."),
    ),
    "source.not-a-manuscript": (
        _("This file is not a manuscript: its content is a {kind}."),
        _("Upload a DOCX, EPUB, ODT, HTML, Markdown or plain-text file."),
    ),
    "source.binary": (
        _("This file is not text: it holds binary data."),
        _("Save it as plain text in UTF-8 encoding, or upload the original document."),
    ),
    "source.zip-damaged": (
        _("This file is damaged or incomplete: the zip archive inside it cannot be read."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-header-mismatch": (
        _("This file is damaged: the headers in its zip archive do not match (near “{part}”)."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-duplicate": (
        _("This file is damaged: its zip archive holds “{part}” twice."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-overlap": (
        _("This file is damaged: entries of its zip archive overlap, or foreign data lies between them."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-traversal": (
        _("This file is not safe to open: an entry of its zip archive has a path that leads outside it."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-link": (
        _("This file is not safe to open: an entry of its zip archive is a link instead of a file."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-method": (
        _("This file is not valid: its zip archive uses a compression that documents do not use."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.zip-many-entries": (
        _("This file holds too many entries in its zip archive ({entries}; the limit is {limit})."),
        _("Split the book into volumes, or save it again from the program you wrote it with."),
    ),
    "source.zip-bomb": (
        _("This file is too large once unpacked ({size_mb} MB; the limit is {limit_mb} MB)."),
        _("Make the pictures smaller or split the manuscript."),
    ),
    "source.part-missing": (
        _("This document is damaged: a part it needs is missing (“{part}”)."),
        _("Save it again from the program you wrote it with; or let it be repaired, and see what was lost."),
    ),
    "source.entity-expansion": (
        _("This document declares XML entities or a document type of its own, which is not allowed (“{part}”)."),
        _("Save it again from the program you wrote it with; documents do not need such declarations."),
    ),
    "source.xml-malformed": (
        _("This document is damaged: its XML is malformed or holds characters that are not allowed (“{part}”)."),
        _("Open it in the program you wrote it with and save it again; or let it be repaired, and see what was lost."),
    ),
    "source.xml-too-deep": (
        _("This document is nested too deep to be read (“{part}”)."),
        _("Copy the text into a new document and save that."),
    ),
    "source.too-many-parts": (
        _("This book has too many parts ({count}; the limit is {limit})."),
        _("Split it into volumes."),
    ),
    # ------------------------------------------------------------ remarks of the readers
    "source.comments-dropped": (
        _("Comments were left out ({count})."),
        _("Look through them once more, so that nothing an editor asked for is forgotten."),
    ),
    "source.tracked-changes-accepted": (
        _("Tracked changes were accepted ({count})."),
        _("Accept or reject them yourself before the next upload, if you had not decided yet."),
    ),
    "source.hidden-text-dropped": (
        _("Hidden text was left out ({count} pieces)."),
        _("If readers should see it, take off the “hidden” formatting."),
    ),
    "source.contents-dropped": (
        _("The contents list of your file was left out; a new one is made."),
        _("Nothing to do: every edition gets its own contents list."),
    ),
    "source.running-heads-dropped": (
        _("Headers and footers of your pages were left out; new ones are made."),
        _("Nothing to do, unless they hold text of the book."),
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
        _("There are too many or too heavy pictures; {count} were left out."),
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
        _("Nothing to do: books hold text and pictures only."),
    ),
    "source.link-dropped": (
        _("Links that are not web or mail addresses lost their target ({count})."),
        _("Use full addresses beginning with https://."),
    ),
    "source.link-dead": (
        _("Links inside the book lead nowhere ({count})."),
        _("Set the cross-references again, or remove the links."),
    ),
    "source.note-missing": (
        _("Note references have no note ({count})."),
        _("Delete these references or write their notes again."),
    ),
    "source.markup-repaired": (
        _("Damaged markup was repaired in {count} places."),
        _("Compare the proof with your original near the place named."),
    ),
    "source.nesting-flattened": (
        _("Text nested too deep lost its formatting ({count} places)."),
        _("Copy the text into a new document if the formatting matters."),
    ),
    "source.controls-dropped": (
        _("Control characters, which no book can hold, were removed (characters: {count})."),
        _("Usually nothing is missing. If letters are, save the manuscript again as UTF-8 or DOCX."),
    ),
    "source.encoding-guessed": (
        _("The text's encoding was guessed ({codec})."),
        _("If letters look wrong, save the file as UTF-8 and upload it again."),
    ),
    "source.encoding-damaged": (
        _("Some characters could not be read ({count}) and show as �."),
        _("Save the file as UTF-8 from the program you wrote it with."),
    ),
    "source.gutenberg-dropped": (
        _("The licence text around a Project Gutenberg book was left out."),
        _("Nothing to do."),
    ),
    "source.part-absent": (
        _("Parts that the book lists are missing from the file ({count})."),
        _("Export the EPUB again; compare the proof with your original."),
    ),
    "source.table-flattened": (
        _("Tables with more columns than a page can show were written out as text ({count})."),
        _("Split each into narrower tables."),
    ),
    "source.spine-repeated": (
        _("Parts that the book lists more than once were read once ({count})."),
        _("Nothing to do, unless the repetition was meant."),
    ),
}
