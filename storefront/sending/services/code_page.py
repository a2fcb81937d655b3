"""The document that an e-reader shows to confirm it: an EPUB of one page with a code.

No link can be pressed in it: e-readers open documents away from any log-in.
"""

from __future__ import annotations

import io

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ebooklib import epub


def code_page(code: str, *, identifier: str) -> bytes:
    """Return the EPUB with the code, in the active language."""
    title = _("Code for %(site)s: %(code)s") % {"site": settings.SITE_NAME, "code": code}
    language = get_language() or "en"
    book = epub.EpubBook()
    book.set_identifier(identifier)
    book.set_title(title)
    book.set_language(language)
    book.add_author(settings.SITE_NAME)
    page = epub.EpubHtml(title=title, file_name="code.xhtml", lang=language)
    page.content = render_to_string("sending/code_page.html", {"code": code, "SITE_NAME": settings.SITE_NAME})
    book.add_item(page)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.toc, book.spine = [epub.Link("code.xhtml", title, "code")], [page]
    target = io.BytesIO()
    epub.write_epub(target, book)
    return target.getvalue()
