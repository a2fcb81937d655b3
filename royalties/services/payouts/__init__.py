"""Paying contributors: who is due, runs, requests to the provider, bank files and statements, holds and returns.

Lock order: the run or file, then payouts in primary-key order, then balance rows in account order. Nobody is paid
twice, because a payout is proposed only under the lock of the balance it claims, at most one payout per person and
currency is open (a unique index), and the money leaves `payable` before the provider or the bank is asked.
"""

from royalties.services.payouts.holds import impose_hold, lift_hold
from royalties.services.payouts.outbox import retry_stuck, send_payout
from royalties.services.payouts.proposals import propose_due, propose_run, request_payout
from royalties.services.payouts.returned import account_closed, bank_refused, bring_back
from royalties.services.payouts.runs import approve_run, cancel_run, hold, release

__all__ = [
    "account_closed",
    "approve_run",
    "bank_refused",
    "bring_back",
    "cancel_run",
    "hold",
    "impose_hold",
    "lift_hold",
    "propose_due",
    "propose_run",
    "release",
    "request_payout",
    "retry_stuck",
    "send_payout",
]
