"""Transfers that no SEPA file can carry, as a list in CSV that finance enters at the bank."""

from __future__ import annotations

import csv
from io import StringIO

from payments.rails.base import Batch
from payments.rails.pain001 import end_to_end_id

FORMAT = "csv"
_COLUMNS = (
    "reference",
    "execute_on",
    "amount",
    "currency",
    "holder",
    "country",
    "iban",
    "bic",
    "account_number",
    "bank_code",
)
# A spreadsheet would read these as the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(batch: Batch) -> bytes:
    """Return the list as bytes: UTF-8, one header row. The same batch gives the same bytes."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in batch.instructions:
        to = one.beneficiary
        row = (
            end_to_end_id(one.reference),
            batch.execute_on.isoformat(),
            str(one.amount.decimal),
            one.amount.currency,
            to.holder,
            to.country,
            to.iban,
            to.bic,
            to.account_number,
            to.bank_code,
        )
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue().encode()
