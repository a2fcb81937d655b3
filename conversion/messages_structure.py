"""Sentences for findings about a book's structure: chapters, headings, scenes, layout, emphasis, notes, links, tables.

Each title says what was found; each advice why it matters and what to do. Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ chapters
    "structure.no-chapters": (
        _("No chapters were found."),
        _(
            "Readers cannot jump to chapters. Give chapter titles the style “Heading 1”, or start them with “# "
            "” in Markdown."
        ),
    ),
    "structure.nothing-written": (
        _("There is no text in this book yet."),
        _("Write the first chapter, or upload a manuscript. Then the book can be published."),
    ),
    "structure.chapter-empty": (
        _("A chapter has a title but no text."),
        _("Readers would see an empty page. Add the text, or delete the heading."),
    ),
    "structure.chapter-short": (
        _("A chapter has only {words} words, far fewer than the others."),
        _(
            "There may be a heading in the middle of a chapter, or its text was lost. If this is intended, "
            "leave it as it is."
        ),
    ),
    "structure.chapter-long": (
        _("A chapter is very long ({words} words)."),
        _("Check that no chapter heading was lost; readers like to stop between chapters."),
    ),
    "structure.chapter-doubled": (
        _("A chapter appears twice, word for word."),
        _("It was probably pasted twice. Delete one of the two."),
    ),
    "structure.chapter-untitled": (
        _("Some chapters have no heading, though the others do ({count})."),
        _(
            "In the table of contents they appear under their first words. Give each one a heading, or join it "
            "to the chapter before."
        ),
    ),
    "structure.chapter-cut": (
        _("A chapter ends in the middle of a sentence ({count} in the book)."),
        _("Something may have been cut off. Compare the end with your notes and finish the sentence."),
    ),
    "structure.numbering-gap": (
        _("Chapter numbers jump: {found} comes where {expected} was expected."),
        _("Check that no chapter is missing or numbered twice."),
    ),
    "structure.titles-same": (
        _("Two chapters have the same title."),
        _("Readers cannot tell them apart in the table of contents. Add a number or another word to one of them."),
    ),
    "structure.titles-mixed": (
        _("Chapters are numbered in different ways: most like “{usual}”, {count} differently."),
        _("It looks like an oversight. Number them all in the same way."),
    ),
    "structure.titles-capitals": (
        _("Chapter titles are typed in capitals ({count})."),
        _("Some screen readers spell them letter by letter. Type them normally: the design can set them in capitals."),
    ),
    "structure.front-late": (
        _("A page that belongs at the front of a book (a dedication, a preface) comes after the first chapter."),
        _("Readers expect it at the front, and the sample begins at the first chapter. Move it before that chapter."),
    ),
    "structure.front-order": (
        _("A dedication or motto comes after the preface."),
        _("It usually comes before all other text. Move it to the front, unless you want it where it is."),
    ),
    "structure.title-page-doubled": (
        _("There are two title pages."),
        _("Every edition gets one made from the book’s details. Delete the one you typed."),
    ),
    "structure.contents-typed": (
        _("A table of contents was typed by hand ({lines} lines)."),
        _(
            "Its page numbers are wrong on every screen, and each edition gets a working one of its own. Delete"
            " it, or let us remove it."
        ),
    ),
    "structure.part-empty": (
        _("A part has no chapters."),
        _("Its page leads nowhere. Move its chapters below it, or delete its heading."),
    ),
    # ------------------------------------------------------------ headings
    "structure.heading-jump": (
        _("Headings skip a level ({count}×)."),
        _(
            "We closed the gaps in the book. In your program, use Heading 2 below Heading 1 and Heading 3 below"
            " Heading 2: people who listen to a book find their way by heading levels."
        ),
    ),
    "structure.heading-bold": (
        _("Lines in bold seem to be headings, but are not marked as such ({count})."),
        _(
            "They are missing from the navigation, and a page break may separate them from their text. Give "
            "them a heading style, or let us do it."
        ),
    ),
    "structure.heading-long": (
        _("A whole paragraph is marked as a heading ({count})."),
        _(
            "It fills the table of contents and is set in large type. Turn it into an ordinary paragraph, or "
            "shorten it."
        ),
    ),
    "structure.heading-same": (
        _("Two headings in one chapter are identical ({count})."),
        _("Readers who navigate by headings cannot tell them apart. Change one of them."),
    ),
    "structure.section-empty": (
        _("A heading has nothing below it ({count})."),
        _("Either its text was lost or it is not a heading. Add the text, or delete the heading."),
    ),
    # ------------------------------------------------------------ scene breaks
    "scene.mixed": (
        _("Scene breaks are written in several ways: {signs}."),
        _("No action needed: they all look the same in the book. Just check that none of them meant something else."),
    ),
    "scene.blank-lines": (
        _("Empty lines were treated as scene breaks ({count})."),
        _("Check the first one in the proof. To be sure, write “***” wherever a scene ends."),
    ),
    "scene.typed": (
        _("A line of symbols looks like a scene break, but is set as text ({count})."),
        _("Write “***” on a line of its own instead, or let us do it. Then it looks like all the others."),
    ),
    "scene.at-edge": (
        _("A scene break is at the beginning or end of a chapter ({count})."),
        _("There is nothing to separate there. Delete it."),
    ),
    "scene.doubled": (
        _("There are two scene breaks in a row ({count})."),
        _("Readers would look for the scene between them. Delete one."),
    ),
    # ------------------------------------------------------------ layout
    "layout.blank-lines": (
        _("Blank lines are used for spacing ({count})."),
        _("Use paragraph spacing, and “***” where a scene ends; then breaks look right on every screen."),
    ),
    "layout.line-breaks": (
        _("Paragraphs are separated by line breaks instead of the Enter key ({count})."),
        _("They get no indent and are read aloud as one. Press Enter once between paragraphs, or let us do it."),
    ),
    "layout.centered": (
        _("Most paragraphs are centred ({count})."),
        _("Centred prose is hard to read. Align it left or justify it; keep centring for titles and verse."),
    ),
    "layout.list-typed": (
        _("The bullets or numbers of a list were typed by hand ({count})."),
        _(
            "Screen readers do not announce it as a list, and its lines are not indented. Use the list button "
            "of your program, or let us do it."
        ),
    ),
    # ------------------------------------------------------------ emphasis
    "emphasis.underline": (
        _("Words are underlined ({count})."),
        _("In e-books, underlined words look like links; italics are used instead. Change them, or let us do it."),
    ),
    "emphasis.typed": (
        _("The text contains characters for emphasis, such as _word_ or *word* ({count})."),
        _("Readers would see these characters. Make the words italic and delete the characters, or let us do it."),
    ),
    "emphasis.whole-paragraphs": (
        _("Long paragraphs are entirely in italics or bold ({count})."),
        _("They are tiring to read. Consider a heading, an indent or a change of voice instead."),
    ),
    "emphasis.inside-word": (
        _("One or two letters inside a word are in italics or bold ({count})."),
        _("This is usually a slip of the mouse. Select the word and format it again."),
    ),
    "emphasis.struck": (
        _("Words are struck through ({count})."),
        _("If they are left over from editing, delete them: readers will see them."),
    ),
    # ------------------------------------------------------------ notes
    "note.missing": (
        _("A note mark ({label}) has no note."),
        _("Readers who follow it get nowhere. Write the note or delete the mark."),
    ),
    "note.empty": (
        _("A note has no text."),
        _("Readers who follow its mark find nothing. Write the note or delete its mark."),
    ),
    "note.unused": (
        _("A note is not referenced anywhere in the text."),
        _("Readers would not find it. Insert its mark or delete the note."),
    ),
    "note.order": (
        _("Note marks are out of order ({count})."),
        _("A lower number follows a higher one. Let your program number the notes automatically."),
    ),
    "note.doubled": (
        _("A note is referenced more than once ({count})."),
        _(
            "The link back from the note leads only to the first mark. Give each mark its own note, or write "
            "“see note”."
        ),
    ),
    "note.typed": (
        _("Note numbers seem to be typed by hand ({count})."),
        _("They are not links, so readers have to turn pages. Insert them with the footnote function of your program."),
    ),
    # ------------------------------------------------------------ links
    "link.empty": (
        _("A link has no text to tap ({count})."),
        _("It cannot be seen, but is read aloud. Delete it, or give it a text."),
    ),
    "link.placeholder": (
        _("A link leads to an address that is only an example ({address})."),
        _("It was probably meant to be replaced later. Enter the real address."),
    ),
    "link.mail-wrong": (
        _("An email link has an address that cannot be right ({address})."),
        _("Emails to it would come back. Check the part after the @ sign."),
    ),
    "link.typed": (
        _("A web address is only text, not a link ({count} in the book; the first is {address})."),
        _("Readers would have to type it. Turn it into a link, or let us do it."),
    ),
    "link.text-vague": (
        _("The text of a link says nothing, such as “here” ({count})."),
        _(
            "People who listen to a list of links cannot tell where they lead. Name the target, such as “the "
            "map of the harbour”."
        ),
    ),
    "link.text-address": (
        _("Long web addresses are used as link text ({count})."),
        _("They are read aloud letter by letter and break badly across lines. Consider using words instead."),
    ),
    "link.insecure": (
        _("Links lead to unencrypted addresses ({count} begin with http instead of https)."),
        _("Check whether https works; browsers warn readers about http."),
    ),
    # ------------------------------------------------------------ tables, code, verse
    "table.wide": (
        _("A table has {columns} columns; a phone shows {limit} side by side."),
        _("There it is rotated or stacked. Split it if readers should compare columns."),
    ),
    "table.empty": (_("A table is empty."), _("It shows as a gap. Fill it or delete it.")),
    "table.header-missing": (
        _("A table does not say what its columns are."),
        _("People who listen to it need a header row. Mark the first row as the header in your program."),
    ),
    "table.layout": (
        _("A table with only one column or row is used to lay out text."),
        _("Screen readers announce it as a table, and it may be stacked on a phone. Turn it into ordinary paragraphs."),
    ),
    "code.wide": (
        _("Lines of code are too long for a phone (code blocks: {count}; up to {characters} characters, {limit} fit)."),
        _("They wrap there. Break them yourself where you want them to break."),
    ),
    "verse.wide": (
        _("Lines of verse are too long for a phone ({count} with more than {limit} characters)."),
        _("They wrap with an indent, as in printed books. No action needed."),
    ),
}
