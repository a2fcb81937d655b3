"""Sentences for what the gate and the readers refuse or remark: code -> title and advice.

`{facts}` are filled in from the error or the finding. Merged into `conversion.messages`.
"""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ refusals of the gate
    "source.empty": ("This file is empty.", "Check that the upload finished, then choose the file again."),
    "source.no-text": (
        "There is no text in this file: it is empty or blank.",
        "Open it to see whether your words are there, save it, and upload it again.",
    ),
    "source.too-large": (
        "This file is too large ({size_mb} MB; the limit is {limit_mb} MB).",
        "Make the pictures smaller or split the manuscript.",
    ),
    "source.encrypted": (
        "This file is encrypted or protected by a password or DRM.",
        "Remove the password or protection in the program you wrote it with, and upload the unprotected file.",
    ),
    "source.macros": (
        "This is a macro-enabled Word document (.docm), a format that is not supported.",
        "In Word choose Save As and the type “Word Document (.docx)”; your text stays the same.",
    ),
    "source.type-legacy-office": (
        "This is an old Office file format, not a .docx document.",
        "Open it in Word or LibreOffice and save it as .docx.",
    ),
    "source.type-unsupported": (
        "This file type is not supported: {kind}.",
        "Upload a DOCX, EPUB, ODT, HTML, Markdown or plain-text file.",
    ),
    "source.type-mismatch": (
        "This file is named .{extension} but is not a valid .{extension} file.",
        "Save it again from the program you wrote it with.",
    ),
    "source.not-a-manuscript": (
        "This file is not a manuscript: its content is a {kind}.",
        "Upload a DOCX, EPUB, ODT, HTML, Markdown or plain-text file.",
    ),
    "source.binary": (
        "This file is not text: it holds NUL or binary characters.",
        "Save it as plain text in UTF-8 encoding, or upload the original document.",
    ),
    "source.zip-damaged": (
        "This file is damaged or incomplete: the zip archive inside it cannot be read.",
        "Save it again from the program you wrote it with, and upload the new copy.",
    ),
    "source.zip-header-mismatch": (
        "This file is damaged: the headers in its zip archive do not match (near “{part}”).",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-duplicate": (
        "This file is damaged: its zip archive holds “{part}” twice.",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-overlap": (
        "This file is damaged: entries of its zip archive overlap, or foreign data lies between them.",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-traversal": (
        "This file is not safe to open: an entry of its zip archive has a path that leads outside it.",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-link": (
        "This file is not safe to open: an entry of its zip archive is a link instead of a file.",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-method": (
        "This file is not valid: its zip archive uses a compression that documents do not use.",
        "Save it again from the program you wrote it with.",
    ),
    "source.zip-many-entries": (
        "This file holds too many entries in its zip archive ({entries}; the limit is {limit}).",
        "Split the book into volumes, or save it again from the program you wrote it with.",
    ),
    "source.zip-bomb": (
        "This file is too large once unpacked ({size_mb} MB; the limit is {limit_mb} MB).",
        "Make the pictures smaller or split the manuscript.",
    ),
    "source.part-missing": (
        "This document is damaged: a part it needs is missing (“{part}”).",
        "Save it again from the program you wrote it with.",
    ),
    "source.entity-expansion": (
        "This document declares XML entities or a document type of its own, which is not allowed (“{part}”).",
        "Save it again from the program you wrote it with; documents do not need such declarations.",
    ),
    "source.xml-malformed": (
        "This document is damaged: its XML is malformed or holds characters that are not allowed (“{part}”).",
        "Open it in the program you wrote it with, let it repair the file, and save it again.",
    ),
    "source.xml-too-deep": (
        "This document is nested too deep to be read (“{part}”).",
        "Copy the text into a new document and save that.",
    ),
    "source.too-many-parts": (
        "This book has too many parts ({count}; the limit is {limit}).",
        "Split it into volumes.",
    ),
    # ------------------------------------------------------------ remarks of the readers
    "source.comments-dropped": (
        "Comments were left out ({count}).",
        "Look through them once more, so that nothing an editor asked for is forgotten.",
    ),
    "source.tracked-changes-accepted": (
        "Tracked changes were accepted ({count}).",
        "Accept or reject them yourself before the next upload, if you had not decided yet.",
    ),
    "source.hidden-text-dropped": (
        "Hidden text was left out ({count} pieces).",
        "If readers should see it, take off the “hidden” formatting.",
    ),
    "source.contents-dropped": (
        "The contents list of your file was left out; a new one is made.",
        "Nothing to do: every edition gets its own contents list.",
    ),
    "source.running-heads-dropped": (
        "Headers and footers of your pages were left out; new ones are made.",
        "Nothing to do, unless they hold text of the book.",
    ),
    "source.image-remote": (
        "Pictures that are only linked, not contained in the file, were left out ({count}).",
        "Insert the pictures into the document itself and upload it again.",
    ),
    "source.image-missing": (
        "The picture “{name}” is missing from the file.",
        "Insert it again and save the document.",
    ),
    "source.images-too-many": (
        "There are too many or too heavy pictures; {count} were left out.",
        "Make the pictures smaller.",
    ),
    "source.drawing-dropped": (
        "Charts or diagrams could not be read and were left out ({count}).",
        "Save each as a picture and insert that.",
    ),
    "source.embedded-dropped": (
        "Embedded files, media or objects were left out ({count}).",
        "If they matter to readers, insert their text or a picture of them.",
    ),
    "source.active-dropped": (
        "Scripts, forms or other active content were left out ({count}).",
        "Nothing to do: books hold text and pictures only.",
    ),
    "source.link-dropped": (
        "Links that are not web or mail addresses lost their target ({count}).",
        "Use full addresses beginning with https://.",
    ),
    "source.link-dead": (
        "Links inside the book lead nowhere ({count}).",
        "Set the cross-references again, or remove the links.",
    ),
    "source.note-missing": (
        "Note references have no note ({count}).",
        "Delete these references or write their notes again.",
    ),
    "source.markup-repaired": (
        "Damaged markup was repaired in {count} places.",
        "Compare the proof with your original near the place named.",
    ),
    "source.nesting-flattened": (
        "Text nested too deep lost its formatting ({count} places).",
        "Copy the text into a new document if the formatting matters.",
    ),
    "source.encoding-guessed": (
        "The text's encoding was guessed ({codec}).",
        "If letters look wrong, save the file as UTF-8 and upload it again.",
    ),
    "source.encoding-damaged": (
        "Some characters could not be read ({count}) and show as �.",
        "Save the file as UTF-8 from the program you wrote it with.",
    ),
    "source.gutenberg-dropped": (
        "The licence text around a Project Gutenberg book was left out.",
        "Nothing to do.",
    ),
    "source.part-absent": (
        "Parts that the book lists are missing from the file ({count}).",
        "Export the EPUB again; compare the proof with your original.",
    ),
    "source.table-flattened": (
        "Tables with more columns than a page can show were written out as text ({count}).",
        "Split each into narrower tables.",
    ),
    "source.spine-repeated": (
        "Parts that the book lists more than once were read once ({count}).",
        "Nothing to do, unless the repetition was meant.",
    ),
}
