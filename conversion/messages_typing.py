"""Sentences for remarks on how a text is typed and worded. Merged into `conversion.messages`."""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ characters
    "text.mojibake": (
        _("Letters were damaged when a file was opened in the wrong encoding, such as “Ã©” for “é” ({count})."),
        _("Readers see gibberish. Let it be mended, and look for other damage near the places."),
    ),
    "text.unreadable": (
        _("Some characters could not be read and show as � ({count})."),
        _("They were lost before the file came to us. Type them anew."),
    ),
    "text.private-use": (
        _("There are characters that only one font on your computer can show ({codes}; {count}×)."),
        _("Other screens show an empty box. Replace them by usual characters or by a picture."),
    ),
    "text.glyphs-missing": (
        _("The fonts of our pages cannot show some characters ({codes}; {count}×)."),
        _("The PDFs would show an empty box. Replace them, or use a picture."),
    ),
    "text.letters-mixed": (
        _("A word mixes letters of two alphabets that look the same ({count})."),
        _("Search and reading aloud fail on it. Type the word anew."),
    ),
    "text.ligatures": (
        _("Joined letters such as “ﬁ” are typed as one character ({count})."),
        _("They come from a PDF; searching for the word fails. Let them be parted: the font joins them by itself."),
    ),
    "text.zero-width": (
        _("There are invisible spaces inside words ({count})."),
        _("They come from web pages; searching for the word fails. Let them be taken out."),
    ),
    "text.soft-hyphens": (
        _("There are hidden hyphens inside words ({count})."),
        _("Books divide words by themselves, and some readers show the hidden hyphens. Let them be taken out."),
    ),
    "text.no-break-spaces": (
        _("Ordinary words are tied together by spaces that do not break ({count})."),
        _("They come from web pages and leave wide gaps in lines. Let them be made ordinary spaces."),
    ),
    "text.entities": (
        _("Codes such as &nbsp; stand in the text ({count})."),
        _("They come from a web page, and readers would see them. Let them be replaced by what they stand for."),
    ),
    "text.markup-left": (
        _("Signs of mark-up, such as <i> or **, stand in the text ({count})."),
        _("Readers would see them. Delete them, and set the words as they were meant."),
    ),
    # ------------------------------------------------------------ spaces
    "text.double-spaces": (
        _("There are double spaces ({count})."),
        _("They make uneven gaps on some screens. Replace two spaces by one throughout, or let it be done."),
    ),
    "text.tabs": (
        _("Tab characters are used for layout ({count})."),
        _("They differ on every screen. Use indents or tables, or let them be taken out."),
    ),
    "text.spaced-layout": (
        _("Lines are moved by spaces ({count})."),
        _("On other screens the spaces fall apart. Use alignment or an indent."),
    ),
    "text.space-before-punctuation": (
        _("There are spaces before punctuation marks ({count})."),
        _("The mark may begin a line. Delete them, unless the language of that passage wants them."),
    ),
    "text.space-missing": (
        _("A space is missing after a comma or another mark ({count})."),
        _("The two words run together. Add the space, or let it be done."),
    ),
    "text.sentences-joined": (
        _("A space seems to be missing between two sentences ({count})."),
        _("Look at each place and add the space."),
    ),
    "text.space-inside-quotes": (
        _("There are spaces inside quotation marks ({count})."),
        _("The mark may end up alone on a line. Delete the spaces, or let it be done."),
    ),
    "text.space-inside-brackets": (
        _("There are spaces inside brackets ({count})."),
        _("The bracket may end up alone on a line. Delete the spaces, or let it be done."),
    ),
    "text.french-spacing": (
        _("French punctuation lacks its narrow, unbreakable spaces ({count})."),
        _("A line could begin with “?” or “»”. Let them be set as French typography has them."),
    ),
    # ------------------------------------------------------------ quotation marks, dashes, dots
    "text.quotes-mixed": (
        _("Straight and curly quotation marks are mixed ({count} straight ones)."),
        _("Readers notice the change. Replace the straight ones; most programs do it as you type, or let it be done."),
    ),
    "text.quotes-straight": (
        _("All quotation marks are the straight ones of a typewriter ({count})."),
        _("Printed books have curly ones. Let them be curled as your language has them."),
    ),
    "text.quotes-turned": (
        _("Quotation marks point the wrong way ({count})."),
        _("It happens when words are moved. Type the mark anew, or let it be turned."),
    ),
    "text.quotes-unbalanced": (
        _("A quotation is opened and not closed, or closed and never opened ({count})."),
        _("Readers lose track of who speaks. Look at each place and add the mark that is missing."),
    ),
    "text.apostrophe-turned": (
        _("The apostrophe before a shortened word is turned, as in ‘tis ({count})."),
        _("It should be ’tis. Programs turn it by mistake; let it be put right."),
    ),
    "text.apostrophe-accent": (
        _("Accents stand in place of apostrophes, as in don`t ({count})."),
        _("They look wrong and are read aloud wrongly. Let them be replaced."),
    ),
    "text.primes": (
        _("Feet and inches are marked with quotation marks ({count})."),
        _("Their own signs are ′ and ″. Let them be set."),
    ),
    "text.hyphens-for-dash": (
        _("“--” stands for a dash ({count}×)."),
        _("It may break at the end of a line. Replace it by a dash (— or –), or let it be done."),
    ),
    "text.spaced-hyphen": (
        _("A hyphen between spaces stands for a dash ({count}×)."),
        _("Hyphens join words; dashes part thoughts. Replace it by a dash (–), or let it be done."),
    ),
    "text.dashes-mixed": (
        _("Two kinds of dash are mixed: — without spaces ({joined}) and – between spaces ({spaced})."),
        _("Both are right, but one book should have one. Decide for one and replace the other."),
    ),
    "text.hyphen-for-range": (
        _("Hyphens stand between numbers for “to”, as in 1914-18 ({count})."),
        _("Books have a short dash there: 1914–18. Let it be set."),
    ),
    "text.three-dots": (
        _("Dots are typed one by one for an ellipsis ({count})."),
        _("They may be parted at the end of a line. Replace them by the one character …, or let it be done."),
    ),
    "text.doubled-punctuation": (
        _("A punctuation mark stands twice ({count})."),
        _("It is a slip of the finger. Delete one, or let it be done."),
    ),
    # ------------------------------------------------------------ left over
    "text.placeholder": (
        _("Something is still to be written: TODO, TK, [INSERT …] or the like ({count})."),
        _("Readers would see it. Fill each place in before you publish."),
    ),
    "text.page-numbers": (
        _("Page numbers of another edition stand in the text ({count})."),
        _("They cut sentences in two. Delete them, or let them be taken out."),
    ),
    "text.running-heads": (
        _("The title or the author's name stands again and again between paragraphs ({count})."),
        _("These lines come from the top of printed pages. Delete them, or let them be taken out."),
    ),
    "text.split-words": (
        _("Words are cut by a hyphen and a space, as in “exam- ple” ({count})."),
        _("They were divided at the end of a printed line. Join them, or let it be done."),
    ),
    "text.broken-paragraphs": (
        _("Paragraphs break off in the middle of a sentence and go on in the next ({count})."),
        _("It happens when text is copied from a PDF. Join them, or copy the text from its original."),
    ),
    "text.ocr": (
        _("Some words look misread by a scanner ({words}; {count}×)."),
        _("Read these places against the original."),
    ),
    "text.doubled-words": (
        _("A word stands twice in a row ({words}; {count}×)."),
        _("Delete one of the two, unless it is meant."),
    ),
    "text.paragraph-doubled": (
        _("A paragraph stands twice, word for word ({count})."),
        _("It was probably pasted twice. Delete one, unless it is a refrain."),
    ),
    "text.paragraph-long": (
        _("A paragraph has more than {words} words ({count})."),
        _("On a phone it fills many screens without a rest. Check that no breaks were lost."),
    ),
    "text.capitals": (
        _("Whole paragraphs are typed in capitals ({count})."),
        _("They are slow to read and sound like shouting. Type them as usual, or use small capitals."),
    ),
    # ------------------------------------------------------------ wording
    "wording.spelling-mixed": (
        _("British and American spellings are mixed: {british} British, {american} American ({words})."),
        _("Readers notice the change. Decide for one and search for the other."),
    ),
    "wording.hyphens-mixed": (
        _("Some words are written both with a hyphen and without ({words})."),
        _("Decide for one spelling of each and search for the other."),
    ),
    "wording.time": (
        _("The book has {words} words, which take about {time} to read."),
        _("Nothing to do: you may use it in the description."),
    ),
    "wording.level": (
        _("The text is {level} to read ({scale} {figure}; {length} words to a sentence)."),
        _("Nothing to do: compare it with the readers you write for."),
    ),
    # ------------------------------------------------------------ language
    "language.contradicted": (
        _("The book's language is given as “{declared}”, but the text looks like “{found}”."),
        _("Words would be divided and read aloud wrongly. Set the language on the form."),
    ),
    "language.passage": (
        _("A long passage in another language (“{found}”) is not marked as such ({count})."),
        _("It is divided and read aloud in the wrong language. Set the language of the passage in your program."),
    ),
}
