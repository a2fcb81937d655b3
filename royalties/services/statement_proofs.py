"""Files that prove statements. Each names the hash of the previous one, so the hash first downloaded is stored."""

from __future__ import annotations

from royalties import statement_proof_files
from royalties.errors import StatementFileDiffers, StatementNotProvedYet
from royalties.models import DailyRoot, Statement, StatementProof
from royalties.selectors import statement_proofs


def file_of(statement: Statement) -> bytes:
    """Return the statement's file, always the same bytes.

    Raises StatementNotProvedYet while its last day has no root, and StatementFileDiffers if the file is not the one
    that was downloaded before.
    """
    last = DailyRoot.objects.order_by("-number").values_list("last_position", flat=True).first() or 0
    if last < statement.closed_period.chain_position:
        raise StatementNotProvedYet(period=statement.period)
    content: statement_proof_files.Row = {}
    sha256 = ""
    for each in reversed(_back_to_known(statement)):
        before = statement_proofs.statement_before(each)
        if before is not None and not sha256:
            sha256 = before.proof.file_sha256
        content = statement_proof_files.statement_file(each, previous_sha256=sha256)
        sha256 = _keep(each, content["sha256"])
    return statement_proof_files.as_bytes(content)


def _back_to_known(statement: Statement) -> list[Statement]:
    """Return the statement and earlier ones, newest first, back to the first whose predecessor was downloaded."""
    found = [statement]
    while (before := statement_proofs.statement_before(found[-1])) is not None:
        if StatementProof.objects.filter(pk=before.pk).exists():
            break
        found.append(before)
    return found


def _keep(statement: Statement, sha256: str) -> str:
    proof, _ = StatementProof.objects.get_or_create(pk=statement.pk, defaults={"file_sha256": sha256})
    if proof.file_sha256 != sha256:
        raise StatementFileDiffers(period=statement.period)
    return sha256
