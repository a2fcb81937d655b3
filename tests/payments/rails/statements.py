"""Statements of a bank, as small as they come."""

from __future__ import annotations

_SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def entry(
    carried: str,
    amount: str,
    *,
    currency: str = "EUR",
    direction: str = "DBIT",
    status: str = "BOOK",
    reason: str = "",
    reference: str = "",
    details: str = "",
) -> str:
    returned = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    details = details or f"<TxDtls><Refs><EndToEndId>{carried}</EndToEndId></Refs>{returned}</TxDtls>"
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt><Dt>2026-12-01</Dt></BookgDt><AcctSvcrRef>{reference or f'B{carried}{direction}'}</AcctSvcrRef>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def statement(*entries: str, number: str = "1", iban: str = "DE89370400440532013000") -> bytes:
    return (
        f"<Document xmlns='{_SPACE}'><BkToCstmrStmt><Stmt><Id>{number}</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
