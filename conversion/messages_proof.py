"""Sentences for what the proof sheet finds on pages. Facts: `target`, `page` as printed, `places` in the whole PDF."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "page.text-cut": (
        "Text runs over the edge of page {page} and is cut off ({target}).",
        "Put a space or a soft hyphen into the long word or address, or make the table narrower.",
    ),
    "page.line-too-long": (
        "A line stands {millimetres} mm in the margin of page {page} ({target}).",
        "It has a word or an address that cannot be divided. Put a soft hyphen into it, or change the sentence.",
    ),
    "page.text-too-low": (
        "Text stands below the foot of page {page} ({target}).",
        "A block there is higher than a page and cannot be divided. Split the table or box it stands in.",
    ),
    "page.text-small": (
        "Text on page {page} is {size} pt small; {smallest} pt is the least for {target}.",
        "A wide table or long lines of code were made smaller to fit. Split them, or break their lines.",
    ),
    "page.letter-missing": (
        "A letter on page {page} has no form in our fonts and prints as an empty box ({target}).",
        "Write it with other letters, or tell us which script your book needs.",
    ),
    "page.picture-cut": (
        "A picture runs over the edge of page {page} ({target}).",
        "Make it smaller, or insert it as a picture of its own between two paragraphs.",
    ),
    "page.picture-broken": (
        "A picture on page {page} shows nothing ({target}).",
        "Save it as JPEG or PNG and insert it again.",
    ),
    "page.picture-coarse": (
        "A picture on page {page} prints with {dpi} dots per inch and will look coarse ({target}).",
        "Insert it larger: {wanted} dots per inch are the least for print, 300 are good.",
    ),
    "page.blank": (
        "Page {page} is empty ({target}).",
        "Look for page breaks or blank paragraphs that follow each other in your manuscript.",
    ),
    "page.widow": (
        "The last line of a paragraph stands alone at the top of page {page} ({target}).",
        "A few words more or less in that paragraph bring it back. Readers forgive it.",
    ),
    "page.orphan": (
        "The first line of a paragraph stands alone at the foot of page {page} ({target}).",
        "A few words more or less before it move it on. Readers forgive it.",
    ),
    "page.hyphens": (
        "{lines} lines in a row end in a hyphen on page {page} ({target}).",
        "Nothing has to be done. Another word in one of them breaks the row.",
    ),
    "page.nearly-empty": (
        "A chapter ends with {lines} lines on page {page}, alone ({target}).",
        "Nothing has to be done. A few words less in the chapter save the page.",
    ),
    "page.rivers": (
        "White streaks run down page {page} ({target}).",
        "Nothing has to be done. They come where long words make wide spaces; a few pages were looked at for them.",
    ),
}
