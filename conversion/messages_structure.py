"""Sentences for remarks on a book's structure: chapters, headings, scenes, layout, emphasis, notes, links, tables.

Each title says what is; each advice why it matters and what to do. Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ chapters
    "structure.no-chapters": (
        _("No chapters were found."),
        _(
            "Readers could not jump anywhere. Give chapter titles the style “Heading 1”, or begin them with “# ” in "
            "Markdown."
        ),
    ),
    "structure.chapter-empty": (
        _("A chapter has a title but no text."),
        _("Readers would meet an empty page. Fill it, or delete its heading."),
    ),
    "structure.chapter-short": (
        _("A chapter has only {words} words, far fewer than the others."),
        _("Perhaps a heading was set in the middle of a chapter, or its text was lost. Leave it if it is meant."),
    ),
    "structure.chapter-long": (
        _("A chapter is very long ({words} words)."),
        _("Check that no chapter heading was lost; readers like to stop between chapters."),
    ),
    "structure.chapter-doubled": (
        _("A chapter stands twice, word for word."),
        _("It was probably pasted twice. Delete one of the two."),
    ),
    "structure.chapter-untitled": (
        _("Some chapters have no heading, though the others do ({count})."),
        _(
            "They appear in the contents list under their first words. Give each a heading, or join it to the chapter "
            "before."
        ),
    ),
    "structure.chapter-cut": (
        _("A chapter ends in the middle of a sentence ({count} in the book)."),
        _("Something may have been cut off. Compare the end with your notes and finish the sentence."),
    ),
    "structure.numbering-gap": (
        _("Chapter numbers jump: {found} follows where {expected} was expected."),
        _("Check that no chapter is missing or numbered twice."),
    ),
    "structure.titles-same": (
        _("Two chapters have the same title."),
        _("In the contents list readers cannot tell them apart. Add a number or another word to one of them."),
    ),
    "structure.titles-mixed": (
        _("Chapters are numbered in different ways: most like “{usual}”, {count} otherwise."),
        _("It looks like an oversight. Number all of them in the same way."),
    ),
    "structure.titles-capitals": (
        _("Chapter titles are typed in capitals ({count})."),
        _("Some screen readers spell them letter by letter. Type them as usual: the design can set them in capitals."),
    ),
    "structure.front-late": (
        _("A page that opens a book (a dedication, a preface) comes after the first chapter."),
        _("Readers expect it at the front, and the sample begins at the first chapter. Move it before that chapter."),
    ),
    "structure.front-order": (
        _("A dedication or motto comes after the preface."),
        _("It usually stands before all other words of the book. Move it to the front, unless you want it there."),
    ),
    "structure.title-page-doubled": (
        _("There are two title pages."),
        _("One is made for every edition from the book's details. Delete the one you typed."),
    ),
    "structure.contents-typed": (
        _("A contents list was typed by hand ({lines} lines)."),
        _(
            "Its page numbers are wrong on every screen, and each edition gets a list of its own that "
            "works. Delete it, "
            "or let it be taken out."
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
            "The levels were closed up in the book. In your program use Heading 2 below Heading 1, Heading 3 below "
            "Heading 2: people who listen to a book find their way by levels."
        ),
    ),
    "structure.heading-bold": (
        _("Lines in bold seem to be headings, but are not marked as such ({count})."),
        _(
            "They are missing from navigation and may be parted from their text at a page's foot. Give them a heading "
            "style, or let it be done."
        ),
    ),
    "structure.heading-long": (
        _("A whole paragraph is marked as a heading ({count})."),
        _("It fills the contents list and is set large. Make it an ordinary paragraph, or shorten it."),
    ),
    "structure.heading-same": (
        _("Two headings in one chapter have the same words ({count})."),
        _("Readers who jump by headings cannot tell them apart. Change one of them."),
    ),
    "structure.section-empty": (
        _("A heading has nothing below it ({count})."),
        _("Either its text was lost or it is no heading. Add the text, or delete the heading."),
    ),
    # ------------------------------------------------------------ scene breaks
    "scene.mixed": (
        _("Scene breaks are written in several ways: {signs}."),
        _("Nothing to do: in the book they all look alike. Check only that none of them meant something else."),
    ),
    "scene.blank-lines": (
        _("Empty lines were taken for scene breaks ({count})."),
        _("Look at the first in the proof. To be sure, write “***” wherever a scene ends."),
    ),
    "scene.typed": (
        _("A line of signs seems to be a scene break, but is set as text ({count})."),
        _("Write “***” on a line of its own instead, or let it be done; then it looks like all the others."),
    ),
    "scene.at-edge": (
        _("A scene break stands at the beginning or end of a chapter ({count})."),
        _("There is nothing to part there. Delete it."),
    ),
    "scene.doubled": (
        _("Two scene breaks follow one another ({count})."),
        _("Readers would look for the scene between them. Delete one."),
    ),
    # ------------------------------------------------------------ layout
    "layout.blank-lines": (
        _("Blank lines are used for spacing ({count})."),
        _("Use paragraph spacing, and “***” where a scene ends; then breaks look right on every screen."),
    ),
    "layout.line-breaks": (
        _("Paragraphs are parted by line breaks instead of the Enter key ({count})."),
        _("They get no indent and are read aloud as one. Press Enter once between paragraphs, or let it be done."),
    ),
    "layout.centered": (
        _("Most paragraphs are centred ({count})."),
        _("Centred prose is hard to read. Set it to left or justified; keep centring for titles and verse."),
    ),
    "layout.list-typed": (
        _("A list was typed with bullets or numbers of its own ({count})."),
        _(
            "It is not announced as a list, and its lines do not hang. Use your program's list button, or "
            "let it be done."
        ),
    ),
    # ------------------------------------------------------------ emphasis
    "emphasis.underline": (
        _("Words are underlined ({count})."),
        _("In books, underlined words look like links; italics are used instead. Change them, or let it be done."),
    ),
    "emphasis.typed": (
        _("Signs such as _word_ or *word* stand in the text ({count})."),
        _("Readers would see the signs. Make the words italic and delete the signs, or let it be done."),
    ),
    "emphasis.whole-paragraphs": (
        _("Long paragraphs are wholly in italics or bold ({count})."),
        _("Many lines of them tire the eye. Consider a heading, an indent or a change of voice instead."),
    ),
    "emphasis.inside-word": (
        _("One or two letters inside a word are in italics or bold ({count})."),
        _("This is mostly a slip of the mouse. Select the word and set it anew."),
    ),
    "emphasis.struck": (
        _("Words are struck through ({count})."),
        _("If they are left from editing, delete them: readers will see them."),
    ),
    # ------------------------------------------------------------ notes
    "note.missing": (
        _("A note mark ({label}) has no note."),
        _("Readers who follow it arrive nowhere. Write the note or delete the mark."),
    ),
    "note.empty": (
        _("A note has no text."),
        _("Readers who follow its mark find nothing. Write it, or delete its mark."),
    ),
    "note.unused": (
        _("A note is not called from anywhere in the text."),
        _("Nobody would find it. Insert its mark or delete the note."),
    ),
    "note.order": (
        _("Note marks are out of order ({count})."),
        _("A lower number follows a higher one. Let your program number the notes by itself."),
    ),
    "note.doubled": (
        _("A note is called more than once ({count})."),
        _(
            "The way back from the note leads to the first mark only. Give each mark a note of its own, or write “see "
            "note”."
        ),
    ),
    "note.typed": (
        _("Note numbers seem to be typed by hand ({count})."),
        _("They lead nowhere, and a reader has to turn pages. Insert them as notes of your program."),
    ),
    # ------------------------------------------------------------ links
    "link.empty": (
        _("A link has no words to touch ({count})."),
        _("It cannot be seen, but is read aloud. Delete it, or write its words."),
    ),
    "link.placeholder": (
        _("A link leads to an address that is only an example ({address})."),
        _("It was probably to be filled in later. Write the real address."),
    ),
    "link.mail-wrong": (
        _("A mail link has an address that cannot be right ({address})."),
        _("Letters to it would come back. Check what stands after the @ sign."),
    ),
    "link.typed": (
        _("A web address is only text, not a link ({count} in the book; the first is {address})."),
        _("Readers would have to type it. Make it a link, or let it be done."),
    ),
    "link.text-vague": (
        _("The words of a link say nothing, such as “here” ({count})."),
        _(
            "People who listen to a list of links cannot tell where they lead. Name the place: “the map of "
            "the harbour”."
        ),
    ),
    "link.text-address": (
        _("Long web addresses stand as the words of a link ({count})."),
        _("They are read aloud letter by letter and break badly. Consider words instead."),
    ),
    "link.insecure": (
        _("Links lead to addresses without encryption ({count} that begin with http instead of https)."),
        _("Try whether https works; browsers warn readers of the other kind."),
    ),
    # ------------------------------------------------------------ tables, code, verse
    "table.wide": (
        _("A table has {columns} columns; a phone shows {limit} side by side."),
        _("It will be turned or stacked there. Split it if readers should compare columns."),
    ),
    "table.empty": (_("A table holds nothing."), _("It shows as a gap. Fill it or delete it.")),
    "table.header-missing": (
        _("A table does not say what its columns are."),
        _("People who listen to it need a header row. Mark the first row as header in your program."),
    ),
    "table.layout": (
        _("A table of one column or row is used to lay out text."),
        _("It is announced as a table and may be stacked on a phone. Make it ordinary paragraphs."),
    ),
    "code.wide": (
        _("Lines of code are too long for a phone ({count} listings, up to {characters} characters; {limit} fit)."),
        _("They are turned over there. Break them where you would like them broken."),
    ),
    "verse.wide": (
        _("Lines of verse are too long for a phone ({count} with more than {limit} characters)."),
        _("They are turned over with an indent, as printed books do; nothing has to be done."),
    ),
}
