"""The countries that each rail can pay to, as data; shown before anyone enters bank details."""

from __future__ import annotations

from payments.rails.base import RailCode

# fmt: off
EEA_COUNTRIES = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))

# Where the provider lets people sign up for payouts by transfers from a platform: the United States, the United
# Kingdom, the European Economic Area, Canada and Switzerland. Source: docs.stripe.com/connect/cross-border-payouts,
# in an undated copy read in November 2026; other countries need a request to Stripe.
STRIPE_COUNTRIES = EEA_COUNTRIES | {"CA", "CH", "GB", "US"}

# Reached by a SEPA credit transfer in EUR. After the European Payments Council's list EPC409-09; which edition of it
# was not noted, so check it against the newest before paying to a country for the first time.
SEPA_COUNTRIES = frozenset((
    "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI",
    "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
))

# Reached by an international transfer that finance enters at the bank from a list. Our own choice, to be cut to what
# your bank offers.
OTHER_BANK_COUNTRIES = frozenset((
    "AE", "AR", "AU", "BR", "CA", "CL", "CO", "CR", "EG", "GE", "GH", "HK", "ID", "IL", "IN", "JP",
    "KE", "KR", "MA", "MX", "MY", "NG", "NZ", "PE", "PH", "SG", "TH", "TN", "TR", "TW", "TZ", "UA",
    "UG", "US", "UY", "VN", "ZA",
))
# fmt: on

_COUNTRIES = {
    RailCode.STRIPE: STRIPE_COUNTRIES,
    RailCode.BANK: SEPA_COUNTRIES | OTHER_BANK_COUNTRIES,
}


def countries_of(rail: RailCode) -> frozenset[str]:
    """Return every country the rail pays to."""
    return _COUNTRIES[rail]


def rails_for(country: str) -> list[RailCode]:
    """Return the rails that reach the country, the simplest for the payee first; empty if it cannot be paid at all."""
    return [rail for rail in RailCode if country in _COUNTRIES[rail]]


def reaches(rail: RailCode, country: str) -> bool:
    return country in _COUNTRIES[rail]


def is_sepa(country: str, currency: str) -> bool:
    """Return whether a SEPA credit transfer reaches the country in the currency."""
    return currency == "EUR" and country in SEPA_COUNTRIES
