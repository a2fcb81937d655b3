"""Errors about bundles and prices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class PriceTooHigh(DomainError):
    code = "price_too_high"
    message = _("The most you can pay for a book is {most}. Enter a lower amount.")


class BundleNotReady(DomainError):
    code = "bundle_not_ready"
    message = _("This is not possible yet: {reasons}")


class BundleSold(DomainError):
    code = "bundle_sold"
    message = _("Readers have bought this bundle, so it stays here as part of their orders. It is not on sale.")


class BundleWorkRefused(DomainError):
    code = "bundle_work_refused"
    message = _("You cannot add “{title}” to a bundle because it is not on sale.")
