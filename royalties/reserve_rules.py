"""The published rule by which a machine reserves part of somebody's earnings; the page of the rules reads it here."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from common.templatetags.money import percent

# A rule needs evidence: a minimum of sales within this time before anything is concluded from them.
LOOK_BACK = timedelta(days=90)
MIN_SALES = 20
# Card schemes act at about 1 % disputes; one return in five is far more than honest books see.
DISPUTED_BPS = 100
RETURNED_BPS = 2000
RATE_BPS = 1000
DAYS = 30
LASTS = timedelta(days=90)


def in_words() -> str:
    """Return the rule with its numbers."""
    return _(
        "A machine reserves %(rate)s of what becomes payable, each amount for %(days)s days, where somebody has at "
        "least %(sales)s sales within %(look_back)s days and more than %(disputed)s of them were disputed with a bank "
        "or more than %(returned)s returned. It ends after %(lasts)s days."
    ) % {
        "rate": percent(RATE_BPS),
        "days": DAYS,
        "sales": MIN_SALES,
        "look_back": LOOK_BACK.days,
        "disputed": percent(DISPUTED_BPS),
        "returned": percent(RETURNED_BPS),
        "lasts": LASTS.days,
    }
