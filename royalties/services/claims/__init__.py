"""Claims on a work in the ledger: a share of its earnings is held apart, then released or paid to the winner.

Who claims what, and who decides, is the process above (`storefront`); here a claim is a public id. Only what clears
once it was filed is held, never what was payable. Shares of several claims on one work add up, to all of it at most, in
the order in which they were filed: words that two claims dispute are counted with one of them.

Lock order: the claim's shares, then sales, then what is held of them, then balance rows.
"""

from royalties.services.claims.deciding import pay_winner, release, settle_due
from royalties.services.claims.holding import change_share, hold, store, to_keep
from royalties.services.claims.returning import (
    accounts_of,
    back_from_dispute,
    take_back,
    take_disputed,
    take_held,
)

__all__ = [
    "accounts_of",
    "back_from_dispute",
    "change_share",
    "hold",
    "pay_winner",
    "release",
    "settle_due",
    "store",
    "take_back",
    "take_disputed",
    "take_held",
    "to_keep",
]
