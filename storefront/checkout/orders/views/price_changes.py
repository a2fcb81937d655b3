"""Which prices are no longer those that a checkout page showed, and which books have a watermark that it did not."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from common.money import Money
from common.templatetags.money import money
from storefront.checkout.cart.services.quotes import Quote, QuotedLine
from storefront.checkout.errors import QuoteChanged

_PRICE = re.compile(r"(\S+):([0-9]{1,12})(?!\S)")


def prices_of(quote: Quote) -> str:
    """Return what the page sends back for `changes_since`: the prices it shows, and which books have a watermark."""
    return " ".join(f"{_name(line)}:{line.paid.amount_minor}" for line in quote.lines)


def changes_since(shown: str, quote: Quote) -> str:
    """Return which books have another price than `shown` says, or now a watermark, as a message; a general one if it is
    none of them."""
    before = {name: int(price) for name, price in _PRICE.findall(shown)}
    changed = [line for line in quote.lines if _name(line) in before and before[_name(line)] != line.paid.amount_minor]
    marked = [line for line in quote.lines if line.is_watermarked and _plain_name(line) in before]
    if not changed and not marked:
        return str(QuoteChanged().text)
    words = _("Copies of “%(title)s” now carry a watermark.")
    sentences = [_sentence(line, before[_name(line)]) for line in changed]
    return " ".join([*sentences, *(words % {"title": line.title} for line in marked), _("Nothing was charged.")])


def _name(line: QuotedLine) -> str:
    return f"{_plain_name(line)}{'-marked' if line.is_watermarked else ''}"


def _plain_name(line: QuotedLine) -> str:
    return f"{line.edition.public_id}-{line.paid.currency}{'-gift' if line.gift else ''}"


def _sentence(line: QuotedLine, before: int) -> str:
    words = _("“%(title)s” now costs %(now)s instead of %(before)s.")
    then = Money(before, line.paid.currency)
    return words % {"title": line.title, "now": money(line.paid), "before": money(then)}
