"""What the provider takes for paying a platform's payees out: the prices that a new installation quotes, and by which
the simulated provider bills."""

from __future__ import annotations

PER_PAYOUT_MINOR = 25
RATE_BPS = 25
PER_ACCOUNT_AND_MONTH_MINOR = 200
SOURCE = "stripe.com/connect/pricing as others report it in 2026, in US dollars, not checked with the provider"
