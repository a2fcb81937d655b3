"""Ways of paying out (rails), behind one interface. Knows banks and the provider, but no payouts and no royalties.

A *direct* rail moves one amount on request and answers at once. A *file* rail makes a file for a bank; the result is
read later from the bank's statement.
"""

from payments.rails.base import (
    Batch,
    Beneficiary,
    BeneficiaryRefused,
    DirectRail,
    FileRail,
    Instruction,
    PaymentFile,
    Rail,
    RailCode,
)
from payments.rails.camt053 import StatementRefused, StatementRow, read_statement
from payments.rails.coverage import countries_of, rails_for, reaches

__all__ = [
    "Batch",
    "Beneficiary",
    "BeneficiaryRefused",
    "DirectRail",
    "FileRail",
    "Instruction",
    "PaymentFile",
    "Rail",
    "RailCode",
    "StatementRefused",
    "StatementRow",
    "countries_of",
    "rails_for",
    "reaches",
    "read_statement",
]
