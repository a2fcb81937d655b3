"""Sentences for remarks on a book's structure: chapters, headings, scenes, layout, emphasis, notes, links, tables.

Each title says what is; each advice why it matters and what to do. Merged into `conversion.messages`.
"""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ chapters
    "structure.no-chapters": (
        "No chapters were found.",
        "Readers could not jump anywhere. Give chapter titles the style “Heading 1”, or begin them with “# ” in "
        "Markdown.",
    ),
    "structure.chapter-empty": (
        "A chapter has a title but no text.",
        "Readers would meet an empty page. Fill it, or delete its heading.",
    ),
    "structure.chapter-short": (
        "A chapter has only {words} words, far fewer than the others.",
        "Perhaps a heading was set in the middle of a chapter, or its text was lost. Leave it if it is meant.",
    ),
    "structure.chapter-long": (
        "A chapter is very long ({words} words).",
        "Check that no chapter heading was lost; readers like to stop between chapters.",
    ),
    "structure.chapter-doubled": (
        "A chapter stands twice, word for word.",
        "It was probably pasted twice. Delete one of the two.",
    ),
    "structure.chapter-untitled": (
        "Some chapters have no heading, though the others do ({count}).",
        "They appear in the contents list under their first words. Give each a heading, or join it to the chapter "
        "before.",
    ),
    "structure.chapter-cut": (
        "A chapter ends in the middle of a sentence ({count} in the book).",
        "Something may have been cut off. Compare the end with your notes and finish the sentence.",
    ),
    "structure.numbering-gap": (
        "Chapter numbers jump: {found} follows where {expected} was expected.",
        "Check that no chapter is missing or numbered twice.",
    ),
    "structure.titles-same": (
        "Two chapters have the same title.",
        "In the contents list readers cannot tell them apart. Add a number or another word to one of them.",
    ),
    "structure.titles-mixed": (
        "Chapters are numbered in different ways: most like “{usual}”, {count} otherwise.",
        "It looks like an oversight. Number all of them in the same way.",
    ),
    "structure.titles-capitals": (
        "Chapter titles are typed in capitals ({count}).",
        "Some screen readers spell them letter by letter. Type them as usual: the design can set them in capitals.",
    ),
    "structure.front-late": (
        "A page that opens a book (a dedication, a preface) comes after the first chapter.",
        "Readers expect it at the front, and the sample begins at the first chapter. Move it before that chapter.",
    ),
    "structure.front-order": (
        "A dedication or motto comes after the preface.",
        "It usually stands before all other words of the book. Move it to the front, unless you want it there.",
    ),
    "structure.title-page-doubled": (
        "There are two title pages.",
        "One is made for every edition from the book's details. Delete the one you typed.",
    ),
    "structure.contents-typed": (
        "A contents list was typed by hand ({lines} lines).",
        "Its page numbers are wrong on every screen, and each edition gets a list of its own that works. Delete it, "
        "or let it be taken out.",
    ),
    "structure.part-empty": (
        "A part has no chapters.",
        "Its page leads nowhere. Move its chapters below it, or delete its heading.",
    ),
    # ------------------------------------------------------------ headings
    "structure.heading-jump": (
        "Headings skip a level ({count}×).",
        "The levels were closed up in the book. In your program use Heading 2 below Heading 1, Heading 3 below "
        "Heading 2: people who listen to a book find their way by levels.",
    ),
    "structure.heading-bold": (
        "Lines in bold seem to be headings, but are not marked as such ({count}).",
        "They are missing from navigation and may be parted from their text at a page's foot. Give them a heading "
        "style, or let it be done.",
    ),
    "structure.heading-long": (
        "A whole paragraph is marked as a heading ({count}).",
        "It fills the contents list and is set large. Make it an ordinary paragraph, or shorten it.",
    ),
    "structure.heading-same": (
        "Two headings in one chapter have the same words ({count}).",
        "Readers who jump by headings cannot tell them apart. Change one of them.",
    ),
    "structure.section-empty": (
        "A heading has nothing below it ({count}).",
        "Either its text was lost or it is no heading. Add the text, or delete the heading.",
    ),
    # ------------------------------------------------------------ scene breaks
    "scene.mixed": (
        "Scene breaks are written in several ways: {signs}.",
        "Nothing to do: in the book they all look alike. Check only that none of them meant something else.",
    ),
    "scene.blank-lines": (
        "Empty lines were taken for scene breaks ({count}).",
        "Look at the first in the proof. To be sure, write “***” wherever a scene ends.",
    ),
    "scene.typed": (
        "A line of signs seems to be a scene break, but is set as text ({count}).",
        "Write “***” on a line of its own instead, or let it be done; then it looks like all the others.",
    ),
    "scene.at-edge": (
        "A scene break stands at the beginning or end of a chapter ({count}).",
        "There is nothing to part there. Delete it.",
    ),
    "scene.doubled": (
        "Two scene breaks follow one another ({count}).",
        "Readers would look for the scene between them. Delete one.",
    ),
    # ------------------------------------------------------------ layout
    "layout.blank-lines": (
        "Blank lines are used for spacing ({count}).",
        "Use paragraph spacing, and “***” where a scene ends; then breaks look right on every screen.",
    ),
    "layout.line-breaks": (
        "Paragraphs are parted by line breaks instead of the Enter key ({count}).",
        "They get no indent and are read aloud as one. Press Enter once between paragraphs, or let it be done.",
    ),
    "layout.centered": (
        "Most paragraphs are centred ({count}).",
        "Centred prose is hard to read. Set it to left or justified; keep centring for titles and verse.",
    ),
    "layout.list-typed": (
        "A list was typed with bullets or numbers of its own ({count}).",
        "It is not announced as a list, and its lines do not hang. Use your program's list button, or let it be done.",
    ),
    # ------------------------------------------------------------ emphasis
    "emphasis.underline": (
        "Words are underlined ({count}).",
        "In books, underlined words look like links; italics are used instead. Change them, or let it be done.",
    ),
    "emphasis.typed": (
        "Signs such as _word_ or *word* stand in the text ({count}).",
        "Readers would see the signs. Make the words italic and delete the signs, or let it be done.",
    ),
    "emphasis.whole-paragraphs": (
        "Long paragraphs are wholly in italics or bold ({count}).",
        "Many lines of them tire the eye. Consider a heading, an indent or a change of voice instead.",
    ),
    "emphasis.inside-word": (
        "One or two letters inside a word are in italics or bold ({count}).",
        "This is mostly a slip of the mouse. Select the word and set it anew.",
    ),
    "emphasis.struck": (
        "Words are struck through ({count}).",
        "If they are left from editing, delete them: readers will see them.",
    ),
    # ------------------------------------------------------------ notes
    "note.missing": (
        "A note mark ({label}) has no note.",
        "Readers who follow it arrive nowhere. Write the note or delete the mark.",
    ),
    "note.empty": ("A note has no text.", "Readers who follow its mark find nothing. Write it, or delete its mark."),
    "note.unused": (
        "A note is not called from anywhere in the text.",
        "Nobody would find it. Insert its mark or delete the note.",
    ),
    "note.order": (
        "Note marks are out of order ({count}).",
        "A lower number follows a higher one. Let your program number the notes by itself.",
    ),
    "note.doubled": (
        "A note is called more than once ({count}).",
        "The way back from the note leads to the first mark only. Give each mark a note of its own, or write “see "
        "note”.",
    ),
    "note.typed": (
        "Note numbers seem to be typed by hand ({count}).",
        "They lead nowhere, and a reader has to turn pages. Insert them as notes of your program.",
    ),
    # ------------------------------------------------------------ links
    "link.empty": (
        "A link has no words to touch ({count}).",
        "It cannot be seen, but is read aloud. Delete it, or write its words.",
    ),
    "link.placeholder": (
        "A link leads to an address that is only an example ({address}).",
        "It was probably to be filled in later. Write the real address.",
    ),
    "link.mail-wrong": (
        "A mail link has an address that cannot be right ({address}).",
        "Letters to it would come back. Check what stands after the @ sign.",
    ),
    "link.typed": (
        "A web address is only text, not a link ({count} in the book; the first is {address}).",
        "Readers would have to type it. Make it a link, or let it be done.",
    ),
    "link.text-vague": (
        "The words of a link say nothing, such as “here” ({count}).",
        "People who listen to a list of links cannot tell where they lead. Name the place: “the map of the harbour”.",
    ),
    "link.text-address": (
        "Long web addresses stand as the words of a link ({count}).",
        "They are read aloud letter by letter and break badly. Consider words instead.",
    ),
    "link.insecure": (
        "Links lead to addresses without encryption ({count} that begin with http instead of https).",
        "Try whether https works; browsers warn readers of the other kind.",
    ),
    # ------------------------------------------------------------ tables, code, verse
    "table.wide": (
        "A table has {columns} columns; a phone shows {limit} side by side.",
        "It will be turned or stacked there. Split it if readers should compare columns.",
    ),
    "table.empty": ("A table holds nothing.", "It shows as a gap. Fill it or delete it."),
    "table.header-missing": (
        "A table does not say what its columns are.",
        "People who listen to it need a header row. Mark the first row as header in your program.",
    ),
    "table.layout": (
        "A table of one column or row is used to lay out text.",
        "It is announced as a table and may be stacked on a phone. Make it ordinary paragraphs.",
    ),
    "code.wide": (
        "Lines of code are too long for a phone ({count} listings, up to {characters} characters; {limit} fit).",
        "They are turned over there. Break them where you would like them broken.",
    ),
    "verse.wide": (
        "Lines of verse are too long for a phone ({count} with more than {limit} characters).",
        "They are turned over with an indent, as printed books do; nothing has to be done.",
    ),
}
