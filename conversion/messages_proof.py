"""Sentences for findings on pages of the proof sheet. They are shown beside the page, so they do not name it.

Facts: `target` in words, `page` as printed, `places` in the whole PDF, and whatever else a sentence needs.
"""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    "page.text-cut": (
        _("Text runs off the edge of the page and is cut off."),
        _(
            "Add a space or a soft hyphen to the long word or address, or break the line of code. If nothing "
            "important is lost, say so and publish."
        ),
    ),
    "page.line-too-long": (
        _("A line sticks out {millimetres} mm into the margin."),
        _("It contains a word or an address that cannot be divided. Add a soft hyphen to it, or change the sentence."),
    ),
    "page.text-too-low": (
        _("Text runs off the bottom of the page."),
        _("A block there is taller than a page and cannot be divided. Split the table or box it is in."),
    ),
    "page.text-small": (
        _("Text is only {size} pt in size; the minimum here is {smallest} pt."),
        _("A wide table or long lines of code were made smaller to fit. Split the table, or break the lines."),
    ),
    "page.letter-missing": (
        _("A letter is missing from our fonts and prints as an empty box."),
        _("Use other letters, or tell us which writing system your book needs."),
    ),
    "page.picture-cut": (
        _("A picture runs off the edge of the page."),
        _("Make it smaller, or place it on its own between two paragraphs."),
    ),
    "page.picture-broken": (_("A picture cannot be displayed."), _("Save it as JPEG or PNG and insert it again.")),
    "page.picture-coarse": (
        _("A picture prints at only {dpi} dots per inch and will look coarse."),
        _("Insert a larger one: print needs at least {wanted} dots per inch, ideally 300."),
    ),
    "page.blank": (
        _("A page is empty."),
        _("Look for consecutive page breaks or blank paragraphs in your manuscript."),
    ),
    "page.widow": (
        _("The last line of a paragraph is alone at the top of a page."),
        _("Adding or removing a few words in that paragraph brings it back. Readers hardly notice it."),
    ),
    "page.orphan": (
        _("The first line of a paragraph is alone at the bottom of a page."),
        _("Adding or removing a few words before it moves it to the next page. Readers hardly notice it."),
    ),
    "page.hyphens": (
        _("{lines} lines in a row end in a hyphen."),
        _("No action needed. Changing a word in one of them breaks up the row."),
    ),
    "page.nearly-empty": (
        _("A chapter ends with one or two lines alone on a page."),
        _("No action needed. Shortening the chapter by a few words saves the page."),
    ),
    "page.rivers": (
        _("White streaks run down the page."),
        _("No action needed. They appear where long words force wide spaces. Only a few pages were checked for them."),
    ),
}
