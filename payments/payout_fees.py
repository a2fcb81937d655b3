"""The provider's fees for paying out a platform's payees; the simulated provider bills by them.

The first rows of a new installation quote the same fees; a test compares the two.
"""

from __future__ import annotations

PER_PAYOUT_MINOR = 25
RATE_BPS = 25
PER_ACCOUNT_AND_MONTH_MINOR = 200
SOURCE = "stripe.com/connect/pricing as others report it in 2026, in US dollars, not checked with the provider"
