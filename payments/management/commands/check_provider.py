"""Ask the payment provider whether this installation is set up correctly; exit with status 1 if it is not."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from payments import services as payment_services


class Command(BaseCommand):
    help = (
        "Asks the payment provider about account, mode, API version, Connect and the event endpoints. Needs the "
        "network if there is a key. Exits with status 1 if something is wrong."
    )

    def handle(self, **options: object) -> None:
        findings = payment_services.probe_provider()
        for finding in findings:
            self.stdout.write(f"{'ok' if finding.is_ok else 'WRONG':7}{finding.what:22}{finding.detail}")
        wrong = sum(not finding.is_ok for finding in findings)
        self.stdout.write(f"{wrong} of {len(findings)} are wrong." if wrong else "The provider is set up.")
        if wrong:
            raise SystemExit(1)
