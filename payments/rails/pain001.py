"""A SEPA credit transfer as a file for the bank: ISO 20022, message pain.001.001.09.

The bank refuses characters outside a small set and references with an underscore (EPC217-08), so texts are converted to
that set; only `end_to_end_id` defines what our references look like in files and statements.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC

from lxml import etree

from common.money import Money
from payments.rails.base import Batch, Beneficiary, Instruction

FORMAT = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{FORMAT}"
_ALLOWED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_IN_WORDS = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "&": "+"})


def end_to_end_id(reference: str) -> str:
    """Return our reference as the bank carries it, at most 35 characters."""
    return reference.replace("_", "-")[:35]


def reference_of(carried: str) -> str:
    """Return our reference from the form the bank carried."""
    return carried.replace("-", "_", 1)


def sepa_text(text: str, longest: int = 70) -> str:
    """Return the text in characters that every SEPA bank accepts."""
    plain = unicodedata.normalize("NFKD", text.translate(_IN_WORDS))
    kept = "".join(c if c in _ALLOWED else "" if unicodedata.combining(c) else "." for c in plain)
    return " ".join(kept.split())[:longest].strip() or "."


def write(batch: Batch) -> bytes:
    """Return the file as bytes: the same batch gives the same bytes. Amounts are in EUR."""
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    message = _add(root, "CstmrCdtTrfInitn")
    _header(message, batch)
    _payment(message, batch)
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return body


def _header(message: etree._Element, batch: Batch) -> None:
    header = _add(message, "GrpHdr")
    _add(header, "MsgId", end_to_end_id(batch.reference))
    _add(header, "CreDtTm", batch.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(header, batch.instructions)
    _add(_add(header, "InitgPty"), "Nm", sepa_text(batch.payer.holder))


def _payment(message: etree._Element, batch: Batch) -> None:
    payment = _add(message, "PmtInf")
    _add(payment, "PmtInfId", end_to_end_id(batch.reference))
    _add(payment, "PmtMtd", "TRF")
    # Each transfer is booked separately, so that the statement can be matched line by line.
    _add(payment, "BtchBookg", "false")
    _sums(payment, batch.instructions)
    _add(_add(_add(payment, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(payment, "ReqdExctnDt"), "Dt", batch.execute_on.isoformat())
    _party(payment, "Dbtr", batch.payer)
    _account(payment, "DbtrAcct", batch.payer)
    _agent(payment, "DbtrAgt", batch.payer)
    _add(payment, "ChrgBr", "SLEV")
    for instruction in batch.instructions:
        _transfer(payment, instruction)


def _transfer(payment: etree._Element, instruction: Instruction) -> None:
    transfer = _add(payment, "CdtTrfTxInf")
    _add(_add(transfer, "PmtId"), "EndToEndId", end_to_end_id(instruction.reference))
    amount = _add(_add(transfer, "Amt"), "InstdAmt", str(instruction.amount.decimal))
    amount.set("Ccy", instruction.amount.currency)
    if instruction.beneficiary.bic:
        _agent(transfer, "CdtrAgt", instruction.beneficiary)
    _party(transfer, "Cdtr", instruction.beneficiary)
    _account(transfer, "CdtrAcct", instruction.beneficiary)
    _add(_add(transfer, "RmtInf"), "Ustrd", sepa_text(f"Royalties {end_to_end_id(instruction.reference)}", 140))


def _sums(parent: etree._Element, instructions: Sequence[Instruction]) -> None:
    total = Money(sum(one.amount.amount_minor for one in instructions), instructions[0].amount.currency)
    _add(parent, "NbOfTxs", str(len(instructions)))
    _add(parent, "CtrlSum", str(total.decimal))


def _party(parent: etree._Element, name: str, party: Beneficiary) -> None:
    element = _add(parent, name)
    _add(element, "Nm", sepa_text(party.holder))
    _add(_add(element, "PstlAdr"), "Ctry", party.country)


def _account(parent: etree._Element, name: str, party: Beneficiary) -> None:
    _add(_add(_add(parent, name), "Id"), "IBAN", party.iban)


def _agent(parent: etree._Element, name: str, party: Beneficiary) -> None:
    bank = _add(_add(parent, name), "FinInstnId")
    if party.bic:
        _add(bank, "BICFI", party.bic)
    else:
        _add(_add(bank, "Othr"), "Id", "NOTPROVIDED")


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    element.text = text
    return element
