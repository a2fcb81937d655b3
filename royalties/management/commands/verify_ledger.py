"""Check every ledger rule. Exit with 1 when one is violated."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand

from accounts.selectors import audit_chain
from common import clock
from royalties.services import invariants, ledger_chain, ledger_checks


class Command(BaseCommand):
    help = "Check the ledger's rules, its hash chain and the audit log's. Exit with 1 when one is violated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--rebuild-tallies",
            action="store_true",
            help="first recalculate the running totals from the chained postings, when rule I3 names some",
        )

    def handle(self, *, json: bool, rebuild_tallies: bool, **options: object) -> None:
        if rebuild_tallies:
            ledger_chain.rebuild_tallies()
        violations = ledger_checks.check_whole(at=clock.database_now())
        if json:
            self.stdout.write(_as_json(violations))
        else:
            self._print(violations)
        if violations:
            raise SystemExit(1)

    def _print(self, violations: list[invariants.Violation]) -> None:
        for rule in invariants.RULES:
            broken = [v for v in violations if v.rule == rule.code]
            self.stdout.write(f"{'BROKEN' if broken else 'ok':7}{rule.code:6}{rule.title}")
            for violation in broken:
                self.stdout.write(f"       {violation.row} {violation.detail}")
        if head := audit_chain.head():
            self.stdout.write(f"The audit log ends at position {head.position} with {head.hash}.")
        verdict = f"{len(violations)} violations" if violations else "The ledger is in order."
        self.stdout.write(verdict)


def _as_json(violations: list[invariants.Violation]) -> str:
    broken = {violation.rule for violation in violations}
    head = audit_chain.head()
    return json.dumps(
        {
            "ok": not violations,
            "rules": [{"code": r.code, "title": str(r.title), "ok": r.code not in broken} for r in invariants.RULES],
            "violations": [asdict(violation) for violation in violations],
            "audit_log": {"position": head.position, "hash": head.hash} if head else None,
        },
        indent=2,
    )
