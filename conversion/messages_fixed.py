"""Sentences for fixed-layout books: picture books, comics and PDFs. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ refusals
    "source.pdf-damaged": (
        _("This PDF is damaged and cannot be displayed."),
        _("Export it again from the program you made it with and upload the new file."),
    ),
    "source.page-undrawable": (
        _("A page of this fixed-layout book cannot be displayed."),
        _("Export the book again from the program you made it with, or upload its pages as pictures in a ZIP file."),
    ),
    "source.too-many-pages": (
        _("This book has {count} pages; the limit for books with a fixed layout is {limit}."),
        _("Split it into volumes. If it is a novel, upload the DOCX or EPUB it was made from instead."),
    ),
    "source.pages-too-heavy": (
        _("The page images of this book are larger than {limit_mb} MB in total."),
        _("Make the pictures smaller (2400 pixels on the longer side is plenty) or split the book into volumes."),
    ),
    # ------------------------------------------------------------ pages
    "page.alt-missing": (
        _("Some pages have neither text nor a description, so readers who cannot see them learn nothing ({count})."),
        _(
            "Describe what each page shows under “Descriptions of pictures”. The alt texts of an EPUB do as well, and a"
            " file named alt.txt next to the pictures: the picture’s file name, a tab, the description."
        ),
    ),
    "page.alt-from-words": (
        _("Some pages have text but no description of what the picture shows ({count})."),
        _("Readers who cannot see them hear only the text. Add a description where the picture says more."),
    ),
    "page.drawn-plainly": (
        _("Some pages could not be displayed as designed and show their pictures and words plainly ({count})."),
        _(
            "Nothing is lost, but colours and positions differ. Look at these pages in the proof. If they must look as "
            "designed, save them as pictures, with the words as alt text."
        ),
    ),
    "page.left-out": (
        _("Some pages could not be displayed and are missing from the book ({count})."),
        _("Save these pages again in the program you made them with, and upload the book again."),
    ),
    "page.no-words": (
        _("The pages of this PDF are pictures only: it has no text that can be searched, copied or read aloud."),
        _("If readers should be able to search and listen, export it with text or run text recognition (OCR) on it."),
    ),
    "page.mostly-text": (
        _(
            "Most pages of this PDF are full of text. They are kept as they are, so on a phone the text can "
            "neither reflow nor grow."
        ),
        _("To get a book whose text fits every screen, upload the DOCX, EPUB or Markdown file it was made from."),
    ),
    "page.links-left": (
        _("Links on pages with a fixed layout were not kept ({count})."),
        _("These pages are pictures with text. The links in the table of contents and the page list still work."),
    ),
    "page.parts-left": (
        _("Some pages contain things that books here cannot have, such as scripts, sound or forms ({count})."),
        _("The pages are shown without them. Check in the proof that nothing readers need is missing."),
    ),
    "page.faces-left": (
        _("Some fonts in this book could not be used ({count})."),
        _(
            "Their text is shown in another font. Compare the pages. If they differ a lot, save the pages as "
            "pictures, with the words as alt text."
        ),
    ),
    "page.words-unplaced": (
        _(
            "On some pages the position of some words could not be found: they are hidden or run off the page "
            "(pages: {count})."
        ),
        _("People who listen hear them after the other words on the page. Check these pages in the proof."),
    ),
    "pdf.own-cleaned": (
        _("Your own PDF was cleaned before it was saved. This was removed: {parts}."),
        _(
            "Books here never run anything by themselves. The pages are unchanged. Check the file if you meant "
            "to keep these parts."
        ),
    ),
    "page.comic-info-unreadable": (
        _("The details in ComicInfo.xml could not be read."),
        _("Title, credits and bookmarks were not taken from it. Fill in the details yourself, or repair the file."),
    ),
}
