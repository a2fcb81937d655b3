"""Sentences for findings about a book's metadata, cover and pictures. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ details
    "metadata.title-missing": (
        _("The manuscript does not state a title."),
        _("Without a title, nobody can find the book. Enter it under Details, or set it in the file’s properties."),
    ),
    "metadata.title-long": (
        _("The title is very long ({characters} characters; only {limit} are kept)."),
        _("Shops cut it off. Shorten it, and move the rest to the subtitle or the description."),
    ),
    "metadata.title-capitals": (
        _("The title is typed in capitals."),
        _(
            "Shops and libraries expect normal capitalisation, and some reject titles in capitals. Write it as "
            "you would in a sentence."
        ),
    ),
    "metadata.title-placeholder": (
        _("“{title}” is the name that programs give to untitled documents."),
        _("Enter the title under Details."),
    ),
    "metadata.title-file-name": (
        _("The title looks like a file name: “{title}”."),
        _("Readers would see it on the cover and in the shop. Enter the title under Details."),
    ),
    "metadata.subtitle-repeated": (
        _("The title already contains the subtitle."),
        _("Shops would show it twice. Remove it from one of the two."),
    ),
    "metadata.author-missing": (
        _("The manuscript does not name an author."),
        _("Readers search for books by author. Add the author under Details."),
    ),
    "metadata.author-placeholder": (
        _("“{name}” is the name of a computer user, not of an author."),
        _("It comes from the program you wrote the book with. Enter the author under Details."),
    ),
    "metadata.author-inverted": (
        _("The author’s name begins with the family name: “{name}”."),
        _("It would appear like this on the cover. Write it as it is spoken. Catalogues reorder it automatically."),
    ),
    "metadata.language-missing": (
        _("The language of the book is not known."),
        _("Choose it under Details: hyphenation, reading aloud and shops need it."),
    ),
    "metadata.language-wrong": (
        _("“{language}” is not a language code."),
        _("Choose the language under Details: hyphenation, reading aloud and shops need it."),
    ),
    "metadata.description-missing": (
        _("The book has no description."),
        _("Readers decide by the description. Write three or four sentences under Details."),
    ),
    "metadata.description-short": (
        _("The description is very short ({characters} characters)."),
        _("Three or four sentences tell readers whether the book is for them."),
    ),
    "metadata.description-markup": (
        _("The description contains markup."),
        _("Shops show it exactly as written. Use plain text instead."),
    ),
    "metadata.subjects-missing": (
        _("The book has no subjects."),
        _("Shops and libraries sort books by subject. Choose one under Details."),
    ),
    "metadata.thema-wrong": (
        _("“{subject}” is not a Thema code."),
        _(
            "Libraries could not classify the book. Look up the code in the Thema list; it begins with a "
            "capital letter."
        ),
    ),
    "metadata.rights-missing": (
        _("The book does not say who holds the rights to it."),
        _(
            "Write a line such as “© 2026 Ann Lee” under “For shops and libraries”. An EPUB or a Markdown file can "
            "say it, too."
        ),
    ),
    "metadata.isbn-wrong": (
        _("The ISBN {isbn} is not valid: its check digit is wrong."),
        _("Shops reject it. Compare it with the number you were given: one digit is wrong, or two are swapped."),
    ),
    "metadata.date-wrong": (
        _("“{date}” cannot be read as a publication date."),
        _("Write it as year, month and day: 2026-03-31."),
    ),
    "metadata.date-future": (
        _("The publication date is in the future: {date}."),
        _("If this is intended, no action is needed. Some reading apps list such books last."),
    ),
    # ------------------------------------------------------------ cover
    "cover.drawn": (_("We designed a cover from the title."), _("You can upload your own at any time.")),
    "cover.not-drawn": (
        _("No cover could be drawn from the title: the book has a plain one without letters."),
        _("Upload your own cover, or make the files again. We have been notified."),
    ),
    "cover.letters-missing": (
        _("We designed a cover, but the title has letters that none of our fonts can show."),
        _("Upload your own cover."),
    ),
    "cover.unusable": (
        _("The cover image cannot be read: it is damaged, too large or in an unknown format."),
        _("Save it as JPEG or PNG and upload it again."),
    ),
    "cover.drawing": (
        _("The cover is a vector drawing that we cannot display."),
        _("Export it as JPEG or PNG with 1600 × 2560 pixels."),
    ),
    "cover.strip": (
        _("The cover image is only a strip of {width} × {height} pixels."),
        _("Upload one with the proportions of a book, for example 1600 × 2560 pixels."),
    ),
    "cover.small": (
        _("The cover is small ({width} × {height} pixels) and will look blurred."),
        _("Upload one that is at least 1600 pixels wide and 2560 pixels high."),
    ),
    "cover.ratio": (
        _("The cover has unusual proportions ({width} × {height} pixels)."),
        _(
            "Shops expect the height to be 1.6 times the width, for example 1600 × 2560 pixels. Other covers "
            "are shown with empty margins."
        ),
    ),
    # ------------------------------------------------------------ the author's own design
    "design.kept": (
        _("Your own design was kept in the EPUB (styles: {looks}, fonts: {faces})."),
        _("The PDFs use the design you chose here. Compare the EPUB with your own file."),
    ),
    "design.none": (
        _("There is no design to keep: the file has no styles of its own."),
        _("No action needed: the EPUB uses the design you chose here."),
    ),
    "design.not-here": (
        _("Only EPUB and HTML files can keep their own design."),
        _("Upload the EPUB that your program made, or choose one of our designs."),
    ),
    "design.dropped": (
        _("Some rules in your style sheets were left out ({count})."),
        _(
            "They move, hide or load things, or control what readers choose for themselves. You are unlikely to"
            " miss many of them. Check the EPUB."
        ),
    ),
    "design.face-broken": (
        _("Some fonts in your file could not be read and were left out ({count})."),
        _("Export the book again with the original font files, as TrueType or OpenType."),
    ),
    "design.face-licence": (
        _("Some fonts in your file do not allow embedding and were left out ({count})."),
        _("Use a font whose licence allows embedding, such as those under the SIL Open Font License."),
    ),
    "design.face-obfuscated": (
        _("Some fonts in your file are locked to that file and were left out ({count})."),
        _("Export the book without obfuscated fonts, if their licence allows that."),
    ),
    "design.faces-too-many": (
        _("Some fonts in your file were left out because there are too many of them or they are too large ({count})."),
        _("Use only the few that readers see: for text, italics and headings."),
    ),
    "print-cover.spine-narrow": (
        _(
            "The spine of the printed cover has no text: the book has {pages} pages, and printers require at "
            "least {least}."
        ),
        _("No action needed. A design with larger type or a smaller page size makes a thicker book."),
    ),
    "print-cover.coarse": (
        _("The cover picture has only {dpi} pixels per inch on the printed cover and will look blurred."),
        _("Upload a larger one: at least {least} pixels per inch, ideally 300."),
    ),
    "cover.dark": (
        _("The cover is very dark."),
        _("In lists, where covers are small, nothing on it can be made out. Make the title or its background lighter."),
    ),
    "cover.low-contrast": (
        _("Little on the cover can be made out at the size used in lists (60 pixels wide)."),
        _("Readers see it at that size first. Give the title a lighter or darker background."),
    ),
    # ------------------------------------------------------------ pictures
    "image.unusable": (
        _("The picture “{name}” is damaged or in an unknown format and was left out."),
        _("Save it as JPEG or PNG and insert it again."),
    ),
    "image.too-large": (
        _("The picture “{name}” is too large (more than {megapixels} megapixels) and was left out."),
        _("Scale it down to about 3000 pixels on the longer side and insert it again."),
    ),
    "image.reduced": (
        _("The picture “{name}” was scaled down from {pixels} pixels on its longer side."),
        _("No action needed: none of the screens and pages we make files for can show more."),
    ),
    "image.animated": (
        _("Only the first frame of the animated picture “{name}” is kept."),
        _("Choose the frame you want and insert it as a picture."),
    ),
    "image.svg-stripped": (
        _("Parts of the drawing “{name}” that are not allowed in books were left out ({parts})."),
        _("Check it in the proof. If something is missing, insert it as PNG."),
    ),
    "image.alt-missing": (
        _("The picture “{name}” has no description."),
        _(
            "Readers who cannot see it learn nothing about it. Describe it in one sentence (“alt text”), or "
            "mark it as decorative."
        ),
    ),
    "image.alt-file-name": (
        _("The description of the picture “{name}” is a file name."),
        _("Screen readers read it aloud. Say what the picture shows instead."),
    ),
    "image.alt-filler": (
        _("The description of the picture “{name}” only says that it is a picture."),
        _("Readers who cannot see it learn nothing about it. Say what it shows."),
    ),
    "image.alt-long": (
        _("The description of the picture “{name}” is very long ({characters} characters)."),
        _("It is read aloud in one go and cannot be paused. Keep the essentials and say the rest in the text."),
    ),
    "image.alt-repeats-caption": (
        _("The description of the picture “{name}” repeats its caption."),
        _("Readers hear the same words twice. Describe what the picture shows and the caption does not say."),
    ),
    "image.small": (
        _("The picture “{name}” is only {width} pixels wide."),
        _("It looks blurred or tiny on most screens. Use one that is at least {needed} pixels wide."),
    ),
    "image.print-coarse": (
        _("Some pictures are too coarse for print ({count}): “{name}” has only {dpi} dots per inch on the page."),
        _("They look blurred on paper. For a sharp print, insert them at least {needed} pixels wide."),
    ),
    "image.heavy": (
        _("The picture “{name}” is a large file ({megabytes} MB)."),
        _("It makes the book slow to load on a phone. Save the picture as JPEG, at most 2000 pixels wide."),
    ),
    "image.tall": (
        _("The picture “{name}” is very tall ({width} × {height} pixels)."),
        _("To fit on a page it becomes narrow and its details tiny. Split it into two pictures."),
    ),
    "image.blank": (
        _("The picture “{name}” is a single colour all over."),
        _("It may be damaged, or it was only meant to add space. Insert it again or delete it."),
    ),
    "image.repeated": (
        _("The picture “{name}” appears {count} times in the book."),
        _(
            "If it separates scenes, write “***” instead: the design has an ornament for it, and people who "
            "listen do not hear a picture announced each time."
        ),
    ),
    "image.transparent": (
        _("The picture “{name}” has transparent areas."),
        _(
            "Black lines vanish on a dark page. Check it in the dark theme of the web reader, or save it on a "
            "white background."
        ),
    ),
    "image.converted-colours": (
        _("The picture “{name}” was in print colours (CMYK) and was converted for screens."),
        _("Check its colours in the proof. If they are wrong, export it in RGB."),
    ),
}
