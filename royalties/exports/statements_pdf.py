"""A statement as PDF. The same statement gives the same bytes."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from common import pdf
from royalties.models import Statement
from royalties.selectors import statements


def statement_pdf(statement: Statement) -> bytes:
    """Return the document. Its identifier is the statement's hash, its language the site's, whoever asks."""
    content = statements.content_of(statement)
    with translation.override(settings.LANGUAGE_CODE):
        return pdf.render_pdf(
            "royalties/statement_document.html",
            {"content": content, "statement": statement, "closed": statement.closed_period},
            identifier=statement.sha256.encode(),
        )
