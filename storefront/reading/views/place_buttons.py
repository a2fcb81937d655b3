"""Buttons between the blocks of a plain page that save the place: at headings, and every few paragraphs."""

from __future__ import annotations

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from lxml.html import HtmlElement
from lxml.html.builder import E

from storefront.catalogue.selectors.chapters import Chapter

FORM = "plain-place"
_APART = 3000  # characters, about three pages
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AROUND = frozenset({"div", "section"})  # a button fits between blocks that are in nothing else
_QUOTED = 40


def add_place_buttons(chapter: Chapter, *, saved: int | None) -> None:
    """Add buttons of the form `FORM`, and a mark at the block where the place was saved."""
    passed = 0
    for position, (number, block) in enumerate(chapter.blocks.items()):
        text = " ".join(block.text_content().split())
        if number == saved:
            _put_before(block, _mark())
            passed = 0
        elif passed >= _APART or (position and block.tag in _HEADINGS and passed):
            passed = 0 if _put_before(block, _button(number, text)) else passed
        passed += len(text)


def _put_before(block: HtmlElement, element: HtmlElement) -> bool:
    """Insert the element, unless the block is in a list, a table or the like."""
    parent = block.getparent()
    if parent is None or any(above.tag not in _AROUND for above in block.iterancestors()):
        return False
    parent.insert(parent.index(block), element)
    return True


def _button(number: int, text: str) -> HtmlElement:
    words = text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + "…"
    label = _("Remember this place")
    facts = {"form": FORM, "name": "block", "value": str(number), "aria-label": f"{label}: {words}"}
    button = E.BUTTON(label, {"class": "button button-link", **facts})
    return E.P(button, {"class": "plain-place", **_spoken()})


def _mark() -> HtmlElement:
    return E.P(_("Your place is saved here."), {"class": "plain-place is-saved", "id": "saved-place", **_spoken()})


def _spoken() -> dict[str, str]:
    """Return the language and direction of the interface, since the chapter has those of the book."""
    return {"lang": get_language() or "", "dir": "rtl" if get_language_bidi() else "ltr"}
