"""Sentences for remarks on the details of a book, its cover and its pictures. Merged into `conversion.messages`."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ details
    "metadata.title-missing": (
        "The manuscript names no title.",
        "Nobody could find the book. Give the title on the form, or set it in the file's properties.",
    ),
    "metadata.title-long": (
        "The title is very long ({characters} characters; {limit} are kept).",
        "Shops cut it off. Shorten it, and move the rest to the subtitle or the description.",
    ),
    "metadata.title-capitals": (
        "The title is typed in capitals.",
        "Shops and libraries ask for the usual spelling, and some refuse capitals. Type it as in a sentence.",
    ),
    "metadata.title-placeholder": (
        "“{title}” is what a program calls a document without a title.",
        "Give the title on the form.",
    ),
    "metadata.title-file-name": (
        "The title looks like the name of a file: “{title}”.",
        "Readers would see it on the cover and in the shop. Give the title on the form.",
    ),
    "metadata.subtitle-repeated": (
        "The subtitle stands in the title already.",
        "Shops would show it twice. Take it out of one of the two.",
    ),
    "metadata.author-missing": (
        "The manuscript names no author.",
        "Readers look for books by name. Add the author on the form.",
    ),
    "metadata.author-placeholder": (
        "“{name}” is the name of a computer's user, not of an author.",
        "It comes from the program you wrote with. Give the author on the form.",
    ),
    "metadata.author-inverted": (
        "The author's name is written with the family name first: “{name}”.",
        "It would stand so on the cover. Write it as it is spoken; catalogues turn it round by themselves.",
    ),
    "metadata.language-missing": (
        "The book's language is not known.",
        "Choose it on the form: hyphenation, reading aloud and shops need it.",
    ),
    "metadata.language-wrong": (
        "“{language}” is not the code of a language.",
        "Choose the language on the form: hyphenation, reading aloud and shops need it.",
    ),
    "metadata.description-missing": (
        "The book has no description.",
        "It is what readers decide by. Write three or four sentences on the form.",
    ),
    "metadata.description-short": (
        "The description is very short ({characters} characters).",
        "Three or four sentences tell readers whether the book is for them.",
    ),
    "metadata.description-markup": (
        "The description holds signs of mark-up.",
        "Shops show them as they stand. Write it as plain text.",
    ),
    "metadata.subjects-missing": (
        "The book has no subjects.",
        "Shops and libraries put it on a shelf by them. Choose one to three; Thema codes are understood everywhere.",
    ),
    "metadata.thema-wrong": (
        "“{subject}” is not a Thema code.",
        "Libraries would not know the shelf. Look the code up in the Thema list; it begins with a capital letter.",
    ),
    "metadata.rights-missing": (
        "The book does not say who holds its rights.",
        "A line such as “© 2026 Ann Lee” is enough.",
    ),
    "metadata.isbn-wrong": (
        "The ISBN {isbn} is not valid: its check digit does not fit.",
        "Shops refuse it. Compare it with the one you were given; a digit is wrong or two are swapped.",
    ),
    "metadata.date-wrong": (
        "“{date}” is not a date of publication that can be read.",
        "Write it as year, month and day: 2026-03-31.",
    ),
    "metadata.date-future": (
        "The date of publication is still to come: {date}.",
        "Nothing to do if it is meant; some readers sort the book to the end.",
    ),
    # ------------------------------------------------------------ cover
    "cover.drawn": ("A cover was drawn from the title.", "Upload your own whenever you have one."),
    "cover.letters-missing": (
        "A cover was drawn, but the title has letters that no installed font can show.",
        "Upload a cover of your own.",
    ),
    "cover.unusable": (
        "The cover image cannot be read: it is damaged, too large or of an unknown type.",
        "Save it as JPEG or PNG and upload it again.",
    ),
    "cover.drawing": ("The cover is a vector drawing.", "Export it as JPEG or PNG, 1600 x 2560 pixels."),
    "cover.strip": (
        "The cover image is a strip of {width} x {height} pixels.",
        "Upload one in a book's proportions, for example 1600 x 2560 pixels.",
    ),
    "cover.small": (
        "The cover is small ({width} x {height} pixels) and will look blurred.",
        "Upload one that is at least 1600 pixels wide and 2560 high.",
    ),
    "cover.ratio": (
        "The cover has unusual proportions ({width} x {height} pixels).",
        "Shops expect 1.6 times as high as wide, for example 1600 x 2560; others are shown with empty margins.",
    ),
    # ------------------------------------------------------------ the author's own design
    "design.kept": (
        "Your own design was kept in the EPUB: {looks} looks and {faces} fonts.",
        "The PDFs are set in the design you chose here. Compare the EPUB with your own file.",
    ),
    "design.none": (
        "There is no design to keep: the file has no style of its own.",
        "Nothing needs to be done; the EPUB has the design you chose here.",
    ),
    "design.not-here": (
        "Only the design of an EPUB or HTML file can be kept.",
        "Upload the EPUB that your program made, or choose one of our designs.",
    ),
    "design.dropped": (
        "{count} rules of your style sheets were left out.",
        "They move, hide or fetch things, or are left to readers. Few are missed; look at the EPUB.",
    ),
    "design.face-broken": (
        "{count} of your fonts could not be read and were left out.",
        "Export the book again with the original font files, as TrueType or OpenType.",
    ),
    "design.face-licence": (
        "{count} of your fonts say that they may not be embedded, and were left out.",
        "Use a font whose licence allows embedding, such as those under the SIL Open Font License.",
    ),
    "design.face-obfuscated": (
        "{count} of your fonts are locked to the file they came in and were left out.",
        "Export the book without obfuscated fonts, if their licence allows that.",
    ),
    "design.faces-too-many": (
        "{count} of your fonts were left out because there are too many, or they are too large.",
        "Keep to the few that readers see: text, italics, headings.",
    ),
    "print-cover.spine-narrow": (
        "The spine of the printed cover has no words: the book has {pages} pages, and printers ask for {least}.",
        "Nothing needs to be done. A larger design or a smaller page makes a thicker book.",
    ),
    "print-cover.coarse": (
        "The cover picture has {dpi} pixels to the inch of the printed cover, and will look soft.",
        "Upload it larger: {least} pixels to the inch at least, better 300.",
    ),
    "cover.dark": (
        "The cover is very dark.",
        "On a list of small pictures nothing of it can be told. Make the title or its ground brighter.",
    ),
    "cover.low-contrast": (
        "Little can be told apart on the cover at the size of a list (60 pixels wide).",
        "Readers see it first at that size. Give the title a lighter or darker ground.",
    ),
    # ------------------------------------------------------------ pictures
    "image.unusable": (
        "The picture “{name}” is damaged or of an unknown type and was left out.",
        "Save it as JPEG or PNG and insert it again.",
    ),
    "image.too-large": (
        "The picture “{name}” is too large (more than {megapixels} megapixels) and was left out.",
        "Scale it down to about 3000 pixels on the longer side and insert it again.",
    ),
    "image.reduced": (
        "The picture “{name}” was scaled down from {pixels} pixels on its longer side.",
        "Nothing to do: no screen or page in our list shows more.",
    ),
    "image.animated": ("Of the moving picture “{name}” only the first frame is kept.", "Choose the frame you want."),
    "image.svg-stripped": (
        "Parts of the drawing “{name}” that books may not hold were left out ({parts}).",
        "Look at it in the proof; if something is missing, insert it as PNG.",
    ),
    "image.alt-missing": (
        "The picture “{name}” has no description.",
        "Readers who cannot see it get nothing. Describe it in a sentence (“alt text”), or mark it as decoration.",
    ),
    "image.alt-file-name": (
        "The description of the picture “{name}” is the name of a file.",
        "It is read aloud as it stands. Say what the picture shows instead.",
    ),
    "image.alt-filler": (
        "The description of the picture “{name}” says only that it is a picture.",
        "Readers who cannot see it learn nothing. Say what it shows.",
    ),
    "image.alt-long": (
        "The description of the picture “{name}” is very long ({characters} characters).",
        "It is read aloud in one breath and cannot be paused. Keep the essence, and say the rest in the text.",
    ),
    "image.alt-repeats-caption": (
        "The description of the picture “{name}” repeats its caption.",
        "It is read aloud twice. Say what the picture shows, which the caption does not.",
    ),
    "image.small": (
        "The picture “{name}” is only {width} pixels wide.",
        "It looks blurred or tiny on most screens. Use one of {needed} pixels or more.",
    ),
    "image.print-coarse": (
        "{count} pictures are too coarse for print: “{name}” has {dpi} dots per inch on the page.",
        "On paper they look blurred. For a sharp print insert them {needed} pixels wide or more.",
    ),
    "image.heavy": (
        "The picture “{name}” is heavy ({megabytes} MB).",
        "The book takes long to load on a phone. Save the picture as JPEG, at most 2000 pixels wide.",
    ),
    "image.tall": (
        "The picture “{name}” is very tall ({width} x {height} pixels).",
        "To fit a page it becomes narrow and its details tiny. Cut it in two.",
    ),
    "image.blank": (
        "The picture “{name}” is of one colour all over.",
        "It may have been damaged, or it was only to make room. Insert it again or delete it.",
    ),
    "image.repeated": (
        "The picture “{name}” stands {count} times in the book.",
        "If it parts scenes, write “***” instead: the design has an ornament for it, and readers who listen are not "
        "told of a picture each time.",
    ),
    "image.transparent": (
        "The picture “{name}” lets the page show through.",
        "On a dark page black lines vanish. Look at it in the reader's dark theme, or save it on white.",
    ),
    "image.converted-colours": (
        "The picture “{name}” was in the colours of a printing press and was converted for screens.",
        "Look at its colours in the proof; export it in RGB if they are off.",
    ),
}
