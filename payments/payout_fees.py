"""What the provider takes for paying a platform's payees out, and by which the simulated provider bills.

The first rows of a new installation quote the same; a test compares the two.
"""

from __future__ import annotations

PER_PAYOUT_MINOR = 25
RATE_BPS = 25
PER_ACCOUNT_AND_MONTH_MINOR = 200
SOURCE = "stripe.com/connect/pricing as others report it in 2026, in US dollars, not checked with the provider"
