"""Paying contributors: accounts, runs, and the outbox that asks the provider.

Lock order: the run, then payouts in primary-key order, then balance rows in account order. Nobody pays twice, because
a payout is proposed only under the lock of the balance it lays claim to, at most one payout per person and currency
is open (a unique index), and the money leaves `payable` before the provider is asked.
"""

from royalties.services.payouts.runs import approve_run, cancel_run, hold, propose_run, release
from royalties.services.payouts.sending import send_payout, sweep

__all__ = ["approve_run", "cancel_run", "hold", "propose_run", "release", "send_payout", "sweep"]
