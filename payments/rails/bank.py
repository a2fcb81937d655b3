"""The bank rail: SEPA transfers as pain.001, all others as a list."""

from __future__ import annotations

from dataclasses import replace

from payments.rails import bank_list, pain001
from payments.rails.base import Batch, Instruction, PaymentFile, RailCode
from payments.rails.coverage import is_sepa, reaches


class BankRail:
    """Pays through files that two people upload to the bank."""

    code = RailCode.BANK

    def reaches(self, *, country: str, currency: str) -> bool:
        return reaches(self.code, country)

    def files(self, batch: Batch) -> list[tuple[PaymentFile, list[str]]]:
        """Return one pain.001 file for what SEPA carries and one list for the rest; either only if it has something
        to pay."""
        made = []
        for is_for_sepa in (True, False):
            part = [one for one in batch.instructions if _by_sepa(one) == is_for_sepa]
            if part:
                file = _file(replace(batch, instructions=part), is_for_sepa=is_for_sepa)
                made.append((file, [one.reference for one in part]))
        return made


def _by_sepa(instruction: Instruction) -> bool:
    return bool(instruction.beneficiary.iban) and is_sepa(instruction.beneficiary.country, instruction.amount.currency)


def _file(batch: Batch, *, is_for_sepa: bool) -> PaymentFile:
    if is_for_sepa:
        return PaymentFile(f"{batch.reference}.xml", "application/xml", pain001.FORMAT, pain001.write(batch))
    return PaymentFile(f"{batch.reference}.csv", "text/csv; charset=utf-8", bank_list.FORMAT, bank_list.write(batch))
