"""Hooks by which features above offers say that an offer is part of their papers, and what a provider has done."""

from __future__ import annotations

from collections.abc import Callable

from hiring.offers.models import Offer

type UseCheck = Callable[[Offer], bool]

_use_checks: list[UseCheck] = []


def when_offer_is_deleted(check: UseCheck) -> UseCheck:
    """Ask `check(offer)` whether requests or contracts refer to the offer, so that it has to stay."""
    _use_checks.append(check)
    return check


def is_in_use(offer: Offer) -> bool:
    return any(check(offer) for check in _use_checks)
