"""Which prices are no longer those that a checkout page showed."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from common.money import Money
from common.templatetags.money import money
from storefront.checkout.cart.services.quotes import Quote, QuotedLine
from storefront.checkout.errors import QuoteChanged

_PRICE = re.compile(r"(\S+):([0-9]{1,12})(?!\S)")


def prices_of(quote: Quote) -> str:
    """Return what the page sends back for `changes_since`: the prices it shows."""
    return " ".join(f"{_name(line)}:{line.paid.amount_minor}" for line in quote.lines)


def changes_since(shown: str, quote: Quote) -> str:
    """Return which books have another price than `shown` says, as a message; a general one if it is none of them."""
    before = {name: int(price) for name, price in _PRICE.findall(shown)}
    changed = [line for line in quote.lines if _name(line) in before and before[_name(line)] != line.paid.amount_minor]
    if not changed:
        return str(QuoteChanged().text)
    return " ".join([*(_sentence(line, before[_name(line)]) for line in changed), _("Nothing was charged.")])


def _name(line: QuotedLine) -> str:
    return f"{line.edition.public_id}-{line.paid.currency}{'-gift' if line.gift else ''}"


def _sentence(line: QuotedLine, before: int) -> str:
    words = _("“%(title)s” now costs %(now)s instead of %(before)s.")
    then = Money(before, line.paid.currency)
    return words % {"title": line.title, "now": money(line.paid), "before": money(then)}
