"""A statement on paper: A4, tagged, in the site's own type. The same statement gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from royalties.models import Statement
from royalties.selectors import statements

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

_FACE = "octavo-face:"
_FACES = (
    ("Literata", 400, "literata-latin-400-normal"),
    ("Literata", 500, "literata-latin-500-normal"),
    ("Source Sans 3", 400, "source-sans-3-latin-400-normal"),
    ("Source Sans 3", 400, "source-sans-3-latin-ext-400-normal"),
    ("Source Sans 3", 600, "source-sans-3-latin-600-normal"),
    ("Source Code Pro", 400, "source-code-pro-latin-400-normal"),
)


def statement_pdf(statement: Statement) -> bytes:
    """The document. Its identity is the statement's hash, its language the site's, whoever asks for it."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = _own_faces_only(), FontConfiguration()
    with translation.override(settings.LANGUAGE_CODE):
        markup = render_to_string(
            "royalties/statement_document.html",
            {"content": statements.content_of(statement), "statement": statement, "closed": statement.closed_period},
        )
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{_FACE}{name}") }}'
        for family, weight, name in _FACES
    )
    sheet = CSS(string=faces, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=markup, url_fetcher=fetcher)
    content = document.write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_identifier=statement.sha256.encode(), pdf_tags=True
    )
    return bytes(content)


def _own_faces_only() -> object:
    """Opens our own faces; statements refer to nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Faces(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = finders.find(f"vendor/fonts/{url.removeprefix(_FACE)}.woff2") if url.startswith(_FACE) else None
            if path is None:
                raise ValueError("statements refer to nothing outside themselves")
            return URLFetcherResponse(url, Path(str(path)).read_bytes())

    return Faces()  # type: ignore[no-untyped-call]
