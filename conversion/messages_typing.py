"""Sentences for findings about how a text is typed and worded. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ characters
    "text.mojibake": (
        _("Letters were damaged when a file was opened in the wrong encoding, such as “Ã©” for “é” ({count})."),
        _("Readers see gibberish. Let us fix it, and look for other damage nearby."),
    ),
    "text.unreadable": (
        _("Some characters could not be read and appear as � ({count})."),
        _("They were lost before the file reached us. Retype them."),
    ),
    "text.private-use": (
        _("There are characters that only one font on your computer can show ({codes}; {count}×)."),
        _("Other screens show an empty box. Replace them with common characters or with a picture."),
    ),
    "text.glyphs-missing": (
        _("Our fonts cannot show some characters ({codes}; {count}×)."),
        _("The PDFs would show an empty box. Replace them, or use a picture."),
    ),
    "text.letters-mixed": (
        _("A word mixes letters from two alphabets that look the same ({count})."),
        _("Search and reading aloud do not work for it. Retype the word."),
    ),
    "text.ligatures": (
        _("Joined letters such as “ﬁ” are typed as one character ({count})."),
        _(
            "They come from a PDF, and search does not find the word. Let us separate them: the font joins them"
            " automatically."
        ),
    ),
    "text.zero-width": (
        _("There are invisible spaces inside words ({count})."),
        _("They come from web pages, and search does not find the word. Let us remove them."),
    ),
    "text.soft-hyphens": (
        _("There are hidden hyphens inside words ({count})."),
        _("E-books hyphenate words automatically, and some reading apps show the hidden hyphens. Let us remove them."),
    ),
    "text.no-break-spaces": (
        _("Ordinary words are joined by non-breaking spaces ({count})."),
        _("They come from web pages and leave wide gaps in lines. Let us replace them with ordinary spaces."),
    ),
    "text.entities": (
        _("The text contains codes such as &nbsp; ({count})."),
        _(
            "They come from a web page, and readers would see them. Let us replace them with the characters "
            "they stand for."
        ),
    ),
    "text.markup-left": (
        _("The text contains markup, such as <i> or ** ({count})."),
        _("Readers would see it. Delete it, and format the words as you meant them."),
    ),
    # ------------------------------------------------------------ spaces
    "text.double-spaces": (
        _("There are double spaces ({count})."),
        _("They make uneven gaps on some screens. Replace them with single spaces throughout, or let us do it."),
    ),
    "text.tabs": (
        _("Tab characters are used for layout ({count})."),
        _("They look different on every screen. Use indents or tables, or let us remove the tabs."),
    ),
    "text.spaced-layout": (
        _("Lines are positioned with spaces ({count})."),
        _("The layout breaks on other screens. Use alignment or an indent."),
    ),
    "text.space-before-punctuation": (
        _("There are spaces before punctuation marks ({count})."),
        _(
            "The mark may end up at the start of a line. Delete the spaces, unless the language of the passage "
            "requires them."
        ),
    ),
    "text.space-missing": (
        _("A space is missing after a comma or another mark ({count})."),
        _("The two words run together. Add the space, or let us do it."),
    ),
    "text.sentences-joined": (
        _("A space seems to be missing between two sentences ({count})."),
        _("Check each place and add the space."),
    ),
    "text.space-inside-quotes": (
        _("There are spaces inside quotation marks ({count})."),
        _("The mark may end up alone on a line. Delete the spaces, or let us do it."),
    ),
    "text.space-inside-brackets": (
        _("There are spaces inside brackets ({count})."),
        _("The bracket may end up alone on a line. Delete the spaces, or let us do it."),
    ),
    "text.french-spacing": (
        _("French punctuation lacks its narrow non-breaking spaces ({count})."),
        _("A line could begin with “?” or “»”. Let us set the spaces as French typography requires."),
    ),
    # ------------------------------------------------------------ quotation marks, dashes, dots
    "text.quotes-mixed": (
        _("Straight and curly quotation marks are mixed ({count} straight ones)."),
        _("Readers notice the change. Replace the straight ones (most programs do it as you type), or let us do it."),
    ),
    "text.quotes-straight": (
        _("All quotation marks are straight, as on a typewriter ({count})."),
        _("Printed books use curly ones. Let us replace them as your language requires."),
    ),
    "text.quotes-turned": (
        _("Quotation marks point the wrong way ({count})."),
        _("This happens when words are moved. Retype the mark, or let us turn it around."),
    ),
    "text.quotes-unbalanced": (
        _("A quotation is opened and not closed, or closed and never opened ({count})."),
        _("Readers lose track of who is speaking. Check each place and add the missing mark."),
    ),
    "text.apostrophe-turned": (
        _("The apostrophe before a shortened word is the wrong way round, as in ‘tis ({count})."),
        _("It should be ’tis. Programs often get this wrong. Let us correct it."),
    ),
    "text.apostrophe-accent": (
        _("Accents are used instead of apostrophes, as in don`t ({count})."),
        _("They look wrong and are read aloud incorrectly. Let us replace them."),
    ),
    "text.primes": (
        _("Feet and inches are marked with quotation marks ({count})."),
        _("The correct signs are ′ and ″. Let us set them."),
    ),
    "text.hyphens-for-dash": (
        _("“--” is used as a dash ({count}×)."),
        _("It may be split at the end of a line. Replace it with a dash (— or –), or let us do it."),
    ),
    "text.spaced-hyphen": (
        _("A hyphen between spaces is used as a dash ({count}×)."),
        _("Hyphens join words; dashes separate thoughts. Replace it with a dash (–), or let us do it."),
    ),
    "text.dashes-mixed": (
        _("Two kinds of dash are mixed: — without spaces ({joined}) and – between spaces ({spaced})."),
        _("Both are correct, but a book should use only one. Choose one and replace the other."),
    ),
    "text.hyphen-for-range": (
        _("Hyphens are used for “to” between numbers, as in 1914-18 ({count})."),
        _("Books use a short dash there: 1914–18. Let us set it."),
    ),
    "text.three-dots": (
        _("Ellipses are typed as separate dots ({count})."),
        _("They may be split at the end of a line. Replace them with the single character …, or let us do it."),
    ),
    "text.doubled-punctuation": (
        _("A punctuation mark is doubled ({count})."),
        _("This is a typing error. Delete one, or let us do it."),
    ),
    # ------------------------------------------------------------ left over
    "text.placeholder": (
        _("Something still has to be written: TODO, TK, [INSERT …] or similar ({count})."),
        _("Readers would see it. Fill in each place before you publish."),
    ),
    "text.page-numbers": (
        _("The text contains page numbers of another edition ({count})."),
        _("They cut sentences in two. Delete them, or let us remove them."),
    ),
    "text.running-heads": (
        _("The title or the author’s name appears again and again between paragraphs ({count})."),
        _("These lines come from the top of printed pages. Delete them, or let us remove them."),
    ),
    "text.split-words": (
        _("Words are split by a hyphen and a space, as in “exam- ple” ({count})."),
        _("They were divided at the end of a printed line. Join them, or let us do it."),
    ),
    "text.broken-paragraphs": (
        _("Paragraphs break off in the middle of a sentence and go on in the next ({count})."),
        _("This happens when text is copied from a PDF. Join them, or copy the text from the original."),
    ),
    "text.ocr": (
        _("Some words look misread by a scanner ({words}; {count}×)."),
        _("Compare these places with the original."),
    ),
    "text.doubled-words": (
        _("A word appears twice in a row ({words}; {count}×)."),
        _("Delete one of the two, unless it is intended."),
    ),
    "text.paragraph-doubled": (
        _("A paragraph appears twice, word for word ({count})."),
        _("It was probably pasted twice. Delete one, unless it is a refrain."),
    ),
    "text.paragraph-long": (
        _("A paragraph has more than {words} words ({count})."),
        _("On a phone it fills many screens without a pause. Check that no paragraph breaks were lost."),
    ),
    "text.capitals": (
        _("Whole paragraphs are typed in capitals ({count})."),
        _("They are slow to read and look like shouting. Type them normally, or use small capitals."),
    ),
    # ------------------------------------------------------------ wording
    "wording.spelling-mixed": (
        _("British and American spellings are mixed: {british} British, {american} American ({words})."),
        _("Readers notice the change. Choose one and search for the other."),
    ),
    "wording.hyphens-mixed": (
        _("Some words are written both with a hyphen and without ({words})."),
        _("Choose one spelling for each and search for the other."),
    ),
    "wording.time": (
        _("The book has {words} words, which take about {time} to read."),
        _("No action needed: you can use this in the description."),
    ),
    "wording.level": (
        _("The text is {level} to read ({scale} {figure}; {length} words per sentence)."),
        _("No action needed: just check that it suits the readers you write for."),
    ),
    # ------------------------------------------------------------ language
    "language.contradicted": (
        _("The language of the book is given as “{declared}”, but the text looks like “{found}”."),
        _("Words would be hyphenated and read aloud incorrectly. Set the language under Details."),
    ),
    "language.passage": (
        _("A long passage in another language (“{found}”) is not marked as such ({count})."),
        _("It is hyphenated and read aloud in the wrong language. Set the language of the passage in your program."),
    ),
}
