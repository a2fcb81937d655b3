"""What the record of a work says, for files, the shop and feeds."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from publishing.models import Edition, EditionState, Isbn, Work
from publishing.record import isbn, licences, thema_codes
from publishing.record.licences import Licence


def isbns_of(work: Work) -> dict[str, str]:
    """Return the numbers in use, thirteen digits by format."""
    return dict(Isbn.objects.filter(work=work, is_current=True).values_list("format", "number"))


def identifier_of(edition: Edition, isbns: Mapping[str, str]) -> str:
    """Return the URN of the edition's EPUB: its ISBN, or the one that every edition is given."""
    return f"{isbn.URN}{isbns['epub']}" if "epub" in isbns else edition.identifier


def original_of(work: Work) -> str:
    """Return the identifier of the book that this one is translated from, once it was published; "" without one.

    Without an ISBN that of its first edition: a new edition of the original is no reason to make the files anew.
    """
    original = work.translation_of
    if original is None:
        return ""
    first = original.editions.exclude(state=EditionState.DRAFT).order_by("number", "revision").first()
    return identifier_of(first, isbns_of(original)) if first is not None else ""


def subjects_of(work: Work) -> list[str]:
    """Return the codes of its subjects, the main one first."""
    return [code for code in dict.fromkeys((work.subject, *work.more_subjects)) if code]


def headings_of(work: Work) -> list[tuple[str, str]]:
    """Return (code, heading) of its subjects in the language of the work where we have it, whoever asks, else in
    English."""
    with translation.override(_language_of(work)):
        found = [(code, thema_codes.heading(code)) for code in subjects_of(work)]
    return [(code, heading) for code, heading in found if heading]


def rights_of(work: Work) -> str:
    """Return the line on rights for its files, in its language; "" leaves it to the manuscript."""
    with translation.override(_language_of(work)):
        return rights_line(
            work.licence,
            own=work.rights_line,
            source=work.public_domain_source,
            is_mining_reserved=work.is_mining_reserved,
        )


def rights_line(licence: str, *, own: str, source: str, is_mining_reserved: bool) -> str:
    """Return the line on rights in the active language; "" where nothing but "all rights reserved" is to be said."""
    parts = [own]
    if is_mining_reserved:
        parts += [] if own else [_("All rights reserved.")]
        parts.append(_("Text and data mining is reserved (Article 4 of Directive (EU) 2019/790)."))
    if licence == Licence.PUBLIC_DOMAIN:
        parts.append(_("This work is in the public domain. Source: %(source)s") % {"source": source})
    elif address := licences.address(licence):
        facts = {"licence": licences.name(licence), "address": address}
        parts.append(_("This work is licensed under %(licence)s: %(address)s") % facts)
    return " ".join(filter(None, parts))


def _language_of(work: Work) -> str:
    language = work.language.partition("-")[0].lower()
    return language if language in dict(settings.LANGUAGES) else "en"
