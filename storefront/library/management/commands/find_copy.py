"""Find whose copy an EPUB is: `python manage.py find_copy FILE --by EMAIL [--json]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common.errors import DomainError
from conversion.engine.api import watermark
from storefront.library.services import copy_search
from storefront.library.services.copy_search import CopySearch, Hint

_WAYS = {
    "bought": "order %(order)s, bought by",
    "gift": "order %(order)s, received as a gift by",
    "advance": "an advance copy of",
}


class Command(BaseCommand):
    help = (
        "Read the marks of an EPUB, and name the orders and buyers of the copies that it was made from. For operators; "
        "every search is in the audit log. docs/watermark.md says what the figures mean. Convert other files first: "
        "ebook-convert found.azw3 found.epub"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="EMAIL", required=True, help="the operator who searches")
        parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")

    def handle(self, *, file: Path, by: str, **options: object) -> None:
        actor = User.objects.filter(email__iexact=by, is_active=True, is_guest=False).first()
        if actor is None:
            raise CommandError(f"There is no account with the address {by}.")
        try:
            with file.open("rb") as opened:
                search = copy_search.find_copies(actor=actor, file=opened)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except DomainError as error:
            raise CommandError(str(error.text)) from error
        self.stdout.write(json.dumps(_facts(search), indent=2) if options["json"] else "\n".join(_sentences(search)))


def _facts(search: CopySearch) -> dict[str, object]:
    return {
        "titles": search.titles,
        "dashes": search.dashes,
        "compared": search.compared,
        "nearest_sigma": None if search.nearest_sigma is None else round(search.nearest_sigma, 2),
        "needed_sigma": watermark.NAMED_SIGMA,
        "named": [_buyer(hint) | _weight(hint) for hint in search.hints if hint.is_named],
        "hints": [{"copy": hint.copy.public_id} | _weight(hint) for hint in search.hints if not hint.is_named],
    }


def _buyer(hint: Hint) -> dict[str, object]:
    line, reader = hint.copy.line, hint.copy.reader
    return {
        "copy": hint.copy.public_id,
        "order": line.order.public_id if line is not None else "",
        "reader": reader.public_id,
        "email": reader.mail_to,  # that of a guest is not the account's
        "way": "bought" if hint.copy.is_of_order else "gift" if line is not None else "advance",
    }


def _weight(hint: Hint) -> dict[str, object]:
    evidence = hint.evidence
    return {
        "verdict": str(evidence.verdict),
        "sigma": round(evidence.sigma, 2),
        "agreeing": evidence.agreeing,
        "dashes": evidence.sites,
        "marks": list(evidence.marks),
    }


def _sentences(search: CopySearch) -> list[str]:
    lines = [
        f"{', '.join(search.titles) or 'No title'}: {search.dashes} dashes, compared with {search.compared} copies."
    ]
    lines += [_named(hint) for hint in search.named]
    lines += [_hinted(hint) for hint in search.hints if not hint.is_named]
    return lines if search.named else [*lines, _nobody(search)]


def _named(hint: Hint) -> str:
    buyer, evidence = _buyer(hint), hint.evidence
    return (
        f"Copy {buyer['copy']}, {_WAYS[str(buyer['way'])] % buyer} {buyer['email']} ({buyer['reader']}): "
        f"{evidence.agreeing} of {evidence.sites} dashes agree, {evidence.sigma:.1f} sigma; "
        f"{', '.join(evidence.marks)}."
    )


def _hinted(hint: Hint) -> str:
    evidence = hint.evidence
    marks = ", ".join(evidence.marks) or "no other mark"
    return (
        f"A hint at copy {hint.copy.public_id}, too little to name anybody: {evidence.sigma:.1f} sigma of "
        f"{watermark.NAMED_SIGMA:.0f}; {marks}. One kind of mark alone may be forged."
    )


def _nobody(search: CopySearch) -> str:
    if search.dashes < watermark.MIN_SITES:
        return f"Nobody is named: the file has too few dashes ({watermark.MIN_SITES} are needed)."
    if search.nearest_sigma is None:
        return "Nobody is named: no marked copy was handed out."
    return f"Nobody is named: the nearest copy has {search.nearest_sigma:.1f} sigma of {watermark.NAMED_SIGMA:.0f}."
