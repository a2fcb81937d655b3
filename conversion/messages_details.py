"""Sentences for remarks on the details of a book, its cover and its pictures. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ details
    "metadata.title-missing": (
        _("The manuscript names no title."),
        _("Nobody could find the book. Give the title on the form, or set it in the file's properties."),
    ),
    "metadata.title-long": (
        _("The title is very long ({characters} characters; {limit} are kept)."),
        _("Shops cut it off. Shorten it, and move the rest to the subtitle or the description."),
    ),
    "metadata.title-capitals": (
        _("The title is typed in capitals."),
        _("Shops and libraries ask for the usual spelling, and some refuse capitals. Type it as in a sentence."),
    ),
    "metadata.title-placeholder": (
        _("“{title}” is what a program calls a document without a title."),
        _("Give the title on the form."),
    ),
    "metadata.title-file-name": (
        _("The title looks like the name of a file: “{title}”."),
        _("Readers would see it on the cover and in the shop. Give the title on the form."),
    ),
    "metadata.subtitle-repeated": (
        _("The subtitle stands in the title already."),
        _("Shops would show it twice. Take it out of one of the two."),
    ),
    "metadata.author-missing": (
        _("The manuscript names no author."),
        _("Readers look for books by name. Add the author on the form."),
    ),
    "metadata.author-placeholder": (
        _("“{name}” is the name of a computer's user, not of an author."),
        _("It comes from the program you wrote with. Give the author on the form."),
    ),
    "metadata.author-inverted": (
        _("The author's name is written with the family name first: “{name}”."),
        _("It would stand so on the cover. Write it as it is spoken; catalogues turn it round by themselves."),
    ),
    "metadata.language-missing": (
        _("The book's language is not known."),
        _("Choose it on the form: hyphenation, reading aloud and shops need it."),
    ),
    "metadata.language-wrong": (
        _("“{language}” is not the code of a language."),
        _("Choose the language on the form: hyphenation, reading aloud and shops need it."),
    ),
    "metadata.description-missing": (
        _("The book has no description."),
        _("It is what readers decide by. Write three or four sentences on the form."),
    ),
    "metadata.description-short": (
        _("The description is very short ({characters} characters)."),
        _("Three or four sentences tell readers whether the book is for them."),
    ),
    "metadata.description-markup": (
        _("The description holds signs of mark-up."),
        _("Shops show them as they stand. Write it as plain text."),
    ),
    "metadata.subjects-missing": (
        _("The book has no subjects."),
        _("Shops and libraries shelve it by subject. Choose one under Details."),
    ),
    "metadata.thema-wrong": (
        _("“{subject}” is not a Thema code."),
        _("Libraries would not know the shelf. Look the code up in the Thema list; it begins with a capital letter."),
    ),
    "metadata.rights-missing": (
        _("The book does not say who holds its rights."),
        _(
            "Write a line such as “© 2026 Ann Lee” into the EPUB’s rights, "
            "or into a Markdown file’s front matter as “rights”."
        ),
    ),
    "metadata.isbn-wrong": (
        _("The ISBN {isbn} is not valid: its check digit does not fit."),
        _("Shops refuse it. Compare it with the one you were given; a digit is wrong or two are swapped."),
    ),
    "metadata.date-wrong": (
        _("“{date}” is not a date of publication that can be read."),
        _("Write it as year, month and day: 2026-03-31."),
    ),
    "metadata.date-future": (
        _("The date of publication is still to come: {date}."),
        _("Nothing to do if it is meant; some readers sort the book to the end."),
    ),
    # ------------------------------------------------------------ cover
    "cover.drawn": (_("A cover was drawn from the title."), _("Upload your own whenever you have one.")),
    "cover.letters-missing": (
        _("A cover was drawn, but the title has letters that no installed font can show."),
        _("Upload a cover of your own."),
    ),
    "cover.unusable": (
        _("The cover image cannot be read: it is damaged, too large or of an unknown type."),
        _("Save it as JPEG or PNG and upload it again."),
    ),
    "cover.drawing": (
        _("The cover is a vector drawing that we cannot draw."),
        _("Export it as JPEG or PNG, 1600 x 2560 pixels."),
    ),
    "cover.strip": (
        _("The cover image is a strip of {width} x {height} pixels."),
        _("Upload one in a book's proportions, for example 1600 x 2560 pixels."),
    ),
    "cover.small": (
        _("The cover is small ({width} x {height} pixels) and will look blurred."),
        _("Upload one that is at least 1600 pixels wide and 2560 high."),
    ),
    "cover.ratio": (
        _("The cover has unusual proportions ({width} x {height} pixels)."),
        _("Shops expect 1.6 times as high as wide, for example 1600 x 2560; others are shown with empty margins."),
    ),
    # ------------------------------------------------------------ the author's own design
    "design.kept": (
        _("Your own design was kept in the EPUB: {looks} looks and {faces} fonts."),
        _("The PDFs are set in the design you chose here. Compare the EPUB with your own file."),
    ),
    "design.none": (
        _("There is no design to keep: the file has no style of its own."),
        _("Nothing needs to be done; the EPUB has the design you chose here."),
    ),
    "design.not-here": (
        _("Only the design of an EPUB or HTML file can be kept."),
        _("Upload the EPUB that your program made, or choose one of our designs."),
    ),
    "design.dropped": (
        _("{count} rules of your style sheets were left out."),
        _("They move, hide or fetch things, or are left to readers. Few are missed; look at the EPUB."),
    ),
    "design.face-broken": (
        _("{count} of your fonts could not be read and were left out."),
        _("Export the book again with the original font files, as TrueType or OpenType."),
    ),
    "design.face-licence": (
        _("{count} of your fonts say that they may not be embedded, and were left out."),
        _("Use a font whose licence allows embedding, such as those under the SIL Open Font License."),
    ),
    "design.face-obfuscated": (
        _("{count} of your fonts are locked to the file they came in and were left out."),
        _("Export the book without obfuscated fonts, if their licence allows that."),
    ),
    "design.faces-too-many": (
        _("{count} of your fonts were left out because there are too many, or they are too large."),
        _("Keep to the few that readers see: text, italics, headings."),
    ),
    "print-cover.spine-narrow": (
        _("The spine of the printed cover has no words: the book has {pages} pages, and printers ask for {least}."),
        _("Nothing needs to be done. A larger design or a smaller page makes a thicker book."),
    ),
    "print-cover.coarse": (
        _("The cover picture has {dpi} pixels to the inch of the printed cover, and will look soft."),
        _("Upload it larger: {least} pixels to the inch at least, better 300."),
    ),
    "cover.dark": (
        _("The cover is very dark."),
        _("On a list of small pictures nothing of it can be told. Make the title or its ground brighter."),
    ),
    "cover.low-contrast": (
        _("Little can be told apart on the cover at the size of a list (60 pixels wide)."),
        _("Readers see it first at that size. Give the title a lighter or darker ground."),
    ),
    # ------------------------------------------------------------ pictures
    "image.unusable": (
        _("The picture “{name}” is damaged or of an unknown type and was left out."),
        _("Save it as JPEG or PNG and insert it again."),
    ),
    "image.too-large": (
        _("The picture “{name}” is too large (more than {megapixels} megapixels) and was left out."),
        _("Scale it down to about 3000 pixels on the longer side and insert it again."),
    ),
    "image.reduced": (
        _("The picture “{name}” was scaled down from {pixels} pixels on its longer side."),
        _("Nothing to do: no screen or page in our list shows more."),
    ),
    "image.animated": (
        _("Of the moving picture “{name}” only the first frame is kept."),
        _("Choose the frame you want."),
    ),
    "image.svg-stripped": (
        _("Parts of the drawing “{name}” that books may not hold were left out ({parts})."),
        _("Look at it in the proof; if something is missing, insert it as PNG."),
    ),
    "image.alt-missing": (
        _("The picture “{name}” has no description."),
        _("Readers who cannot see it get nothing. Describe it in a sentence (“alt text”), or mark it as decoration."),
    ),
    "image.alt-file-name": (
        _("The description of the picture “{name}” is the name of a file."),
        _("It is read aloud as it stands. Say what the picture shows instead."),
    ),
    "image.alt-filler": (
        _("The description of the picture “{name}” says only that it is a picture."),
        _("Readers who cannot see it learn nothing. Say what it shows."),
    ),
    "image.alt-long": (
        _("The description of the picture “{name}” is very long ({characters} characters)."),
        _("It is read aloud in one breath and cannot be paused. Keep the essence, and say the rest in the text."),
    ),
    "image.alt-repeats-caption": (
        _("The description of the picture “{name}” repeats its caption."),
        _("It is read aloud twice. Say what the picture shows, which the caption does not."),
    ),
    "image.small": (
        _("The picture “{name}” is only {width} pixels wide."),
        _("It looks blurred or tiny on most screens. Use one of {needed} pixels or more."),
    ),
    "image.print-coarse": (
        _("{count} pictures are too coarse for print: “{name}” has {dpi} dots per inch on the page."),
        _("On paper they look blurred. For a sharp print insert them {needed} pixels wide or more."),
    ),
    "image.heavy": (
        _("The picture “{name}” is heavy ({megabytes} MB)."),
        _("The book takes long to load on a phone. Save the picture as JPEG, at most 2000 pixels wide."),
    ),
    "image.tall": (
        _("The picture “{name}” is very tall ({width} x {height} pixels)."),
        _("To fit a page it becomes narrow and its details tiny. Cut it in two."),
    ),
    "image.blank": (
        _("The picture “{name}” is of one colour all over."),
        _("It may have been damaged, or it was only to make room. Insert it again or delete it."),
    ),
    "image.repeated": (
        _("The picture “{name}” stands {count} times in the book."),
        _(
            "If it parts scenes, write “***” instead: the design has an ornament for it, and readers who "
            "listen are not "
            "told of a picture each time."
        ),
    ),
    "image.transparent": (
        _("The picture “{name}” lets the page show through."),
        _("On a dark page black lines vanish. Look at it in the reader's dark theme, or save it on white."),
    ),
    "image.converted-colours": (
        _("The picture “{name}” was in the colours of a printing press and was converted for screens."),
        _("Look at its colours in the proof; export it in RGB if they are off."),
    ),
}
