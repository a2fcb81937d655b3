"""PDFs that we write ourselves: statements and evidence for banks. They use the site's own fonts and are tagged.

Each font is one file per weight, merged at set-up (script/vendor). WeasyPrint identifies glyphs by family and weight:
if several files share both, it draws wrong letters, while copied text stays right. Scripts that our fonts lack are set
in the system's Noto.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

_FACE = "octavo-face:"
_FACES = (
    ("Literata", 400, "literata-400-normal"),
    ("Literata", 500, "literata-500-normal"),
    ("Source Sans 3", 400, "source-sans-3-400-normal"),
    ("Source Sans 3", 600, "source-sans-3-600-normal"),
    ("Source Code Pro", 400, "source-code-pro-400-normal"),
)
_BEYOND = (
    '"Noto {kind}", "Noto Sans Arabic", "Noto {kind} Hebrew", "Noto {kind} Devanagari", "Noto {kind} Thai", '
    '"Noto {kind} CJK JP", "Noto {kind} CJK SC", "Noto {kind} CJK KR"'
)
# For templates: {{ sans }}, {{ serif }} and {{ mono }} in `font-family` and `font`.
_FAMILIES = {
    "sans": mark_safe(f'"Source Sans 3", {_BEYOND.format(kind="Sans")}, sans-serif'),
    "serif": mark_safe(f'"Literata", {_BEYOND.format(kind="Serif")}, serif'),
    "mono": mark_safe('"Source Code Pro", monospace'),
}


def render_pdf(template: str, context: Mapping[str, Any], *, identifier: bytes | None = None) -> bytes:
    """Render a template that refers to nothing outside itself as a PDF. The same `identifier` gives the same bytes."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = _own_faces_only(), FontConfiguration()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{_FACE}{name}") }}'
        for family, weight, name in _FACES
    )
    sheet = CSS(string=faces, font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=render_to_string(template, {**context, **_FAMILIES}), url_fetcher=fetcher)
    content = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_identifier=identifier, pdf_tags=True)
    return bytes(content)


def _own_faces_only() -> object:
    """Return a fetcher that opens our own fonts and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Faces(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            path = finders.find(f"vendor/fonts/{url.removeprefix(_FACE)}.ttf") if url.startswith(_FACE) else None
            if path is None:
                raise ValueError("documents refer to nothing outside themselves")
            return URLFetcherResponse(url, Path(str(path)).read_bytes())

    return Faces()  # type: ignore[no-untyped-call]
