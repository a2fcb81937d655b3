"""What can stand in the way of bundles and prices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class PriceTooHigh(DomainError):
    code = "price_too_high"
    message = _("The most we take for a book is {most}. Choose less.")


class BundleNotReady(DomainError):
    code = "bundle_not_ready"
    message = _("This bundle cannot go on sale yet: {reasons}")


class BundleWorkRefused(DomainError):
    code = "bundle_work_refused"
    message = _("“{title}” cannot be in a bundle, because it is not on sale.")
