"""Sentences for books of fixed layout: picture books, comics and PDFs. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ refusals
    "source.pdf-damaged": (
        _("This PDF is damaged and cannot be drawn."),
        _("Export it again from the program you made it with and upload the new file."),
    ),
    "source.page-undrawable": (
        _("A page of this fixed-layout book cannot be drawn."),
        _("Export the book again from the program you made it with, or upload its pages as pictures in a ZIP file."),
    ),
    "source.too-many-pages": (
        _("This book has {count} pages; the limit for books of fixed layout is {limit}."),
        _("Split it into volumes. A novel is better uploaded as the DOCX or EPUB it was made from."),
    ),
    "source.pages-too-heavy": (
        _("The pictures of this book's pages take more than {limit_mb} MB together."),
        _("Make the pictures smaller (2400 pixels on the longer side are plenty) or split the book into volumes."),
    ),
    # ------------------------------------------------------------ pages
    "page.alt-missing": (
        _("{count} pages say nothing to readers who cannot see them: they have neither words nor a description."),
        _(
            "Describe what each page shows, in the EPUB's alternative texts or in a file alt.txt beside the pictures: "
            "the picture's file name, a tab, the description."
        ),
    ),
    "page.alt-from-words": (
        _("{count} pages have words but no description of what the picture shows."),
        _(
            "Readers who cannot see them hear the words alone. Add a description where the picture tells "
            "more than that."
        ),
    ),
    "page.left-out": (
        _("{count} pages could not be drawn and are missing from the book."),
        _("Save these pages again in the program you made them with and upload the book anew."),
    ),
    "page.no-words": (
        _("The pages of this PDF are pictures only: it has no text that can be searched, copied or read aloud."),
        _(
            "Export it with text, or run text recognition (OCR) over it, if readers should be able to "
            "search and listen."
        ),
    ),
    "page.mostly-text": (
        _(
            "Most pages of this PDF are full of text. They are kept as they are, and nothing can flow or "
            "grow on a phone."
        ),
        _("Upload the DOCX, EPUB or Markdown file it was made from to get a book whose text fits every screen."),
    ),
    "page.links-left": (
        _("{count} links on pages of fixed layout were not kept."),
        _("Pages are pictures with text; the table of contents and the list of pages still lead everywhere."),
    ),
    "page.parts-left": (
        _("{count} pages hold parts that books here do not have, such as scripts, sound or forms."),
        _("The pages look as they do without them. Check in the proof that nothing a reader needs is gone."),
    ),
    "page.faces-left": (
        _("{count} typefaces of this book could not be used."),
        _(
            "Words in them are drawn in another typeface. Compare the pages; if they differ much, save the pages as "
            "pictures with the words as alternative text."
        ),
    ),
    "page.words-unplaced": (
        _("On {count} pages some words have no place that could be found: they are hidden, or run over the page."),
        _("They are kept for readers who listen, after the words of the page. Check these pages in the proof."),
    ),
    "pdf.own-cleaned": (
        _("Your own PDF was cleaned before it was kept; this was taken out: {parts}."),
        _("Books here do nothing by themselves. The pages are unchanged; look at it if you meant to keep these parts."),
    ),
    "page.comic-info-unreadable": (
        _("The details in ComicInfo.xml could not be read."),
        _("Title, credits and bookmarks were not taken from it: fill in the form, or repair the file."),
    ),
}
