"""Sentences for what the proof sheet finds on pages. They stand beside the page, so they do not name it.

Facts: `target` in words, `page` as printed, `places` in the whole PDF, and what a sentence needs.
"""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    "page.text-cut": (
        _("Text runs over the edge of the page and is cut off."),
        _(
            "Put a space or a soft hyphen into the long word or address, or break the line of code. If "
            "nothing is lost by "
            "it, say so and publish."
        ),
    ),
    "page.line-too-long": (
        _("A line stands {millimetres} mm in the margin."),
        _("It has a word or an address that cannot be divided. Put a soft hyphen into it, or change the sentence."),
    ),
    "page.text-too-low": (
        _("Text stands below the foot of the page."),
        _("A block there is higher than a page and cannot be divided. Split the table or box it stands in."),
    ),
    "page.text-small": (
        _("Text is only {size} pt large; {smallest} pt is the least here."),
        _("A wide table or long lines of code were made smaller to fit. Split them, or break their lines."),
    ),
    "page.letter-missing": (
        _("A letter has no form in our fonts and prints as an empty box."),
        _("Write it with other letters, or tell us which script your book needs."),
    ),
    "page.picture-cut": (
        _("A picture runs over the edge of the page."),
        _("Make it smaller, or insert it as a picture of its own between two paragraphs."),
    ),
    "page.picture-broken": (_("A picture shows nothing."), _("Save it as JPEG or PNG and insert it again.")),
    "page.picture-coarse": (
        _("A picture prints with {dpi} dots per inch and will look coarse."),
        _("Insert it larger: {wanted} dots per inch are the least for print, 300 are good."),
    ),
    "page.blank": (
        _("A page is empty."),
        _("Look for page breaks or blank paragraphs that follow each other in your manuscript."),
    ),
    "page.widow": (
        _("The last line of a paragraph stands alone at the top of a page."),
        _("A few words more or less in that paragraph bring it back. Readers forgive it."),
    ),
    "page.orphan": (
        _("The first line of a paragraph stands alone at the foot of a page."),
        _("A few words more or less before it move it on. Readers forgive it."),
    ),
    "page.hyphens": (
        _("{lines} lines in a row end in a hyphen."),
        _("Nothing has to be done. Another word in one of them breaks the row."),
    ),
    "page.nearly-empty": (
        _("A chapter ends with a line or two on a page of their own."),
        _("Nothing has to be done. A few words less in the chapter save the page."),
    ),
    "page.rivers": (
        _("White streaks run down the page."),
        _("Nothing has to be done. They come where long words make wide spaces; a few pages were looked at for them."),
    ),
}
