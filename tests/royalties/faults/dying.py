"""A process that dies in the middle of paying: `python -m tests.royalties.faults.dying STEP WHERE`.

STEP prepare makes a database with one approved payout (or one decided reversal); send sends what there is and kills
itself WHERE it is told to: before the provider acts, after it acted and before the outcome is written, or never. The
provider's memory is a file, so that it survives the process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.core.management import call_command  # noqa: E402

from common import clock  # noqa: E402
from payments import services as payment_services  # noqa: E402
from payments.gateway import ReversalResult, TransferResult  # noqa: E402
from royalties.models import Payout, Reversal, SaleRecord  # noqa: E402
from royalties.services import invariants, payouts, returns, reversals  # noqa: E402
from tests.royalties.factories import NOON, WINDOW, payable, payout_account, user  # noqa: E402

AT = NOON + WINDOW + timedelta(days=1)
LATER = AT + timedelta(days=31)


class Provider:
    """Remembers by key, in a file."""

    def __init__(self, dies: str) -> None:
        self.dies, self.file = dies, Path(os.environ["PROVIDER_FILE"])

    def _act(self, key: str) -> None:
        if self.dies == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        made = json.loads(self.file.read_text()) if self.file.exists() else []
        if key not in made:
            self.file.write_text(json.dumps([*made, key]))
        if self.dies == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    def transfer(self, *, key, account_id, amount, group):
        self._act(key)
        return TransferResult(f"tr_{group}", amount, amount - amount)

    def reverse_transfer(self, *, key, transfer_id, amount, reference):
        self._act(key)
        return ReversalResult(f"trr_{reference}", amount)


def prepare(what: str) -> None:
    call_command("migrate", verbosity=0)
    payout_account(payable())
    fiona, felix = (user(name, is_finance=True) for name in ("Fiona", "Felix"))
    run = payouts.propose_run(actor=fiona, currency="USD", at=AT)
    payouts.approve_run(actor=felix, run=run, at=AT)
    if what == "reversal":
        payout = payouts.send_payout(payout_id=run.payouts.get().pk)
        returns.record_refund(reference=SaleRecord.objects.get().reference, external_id="r", at=AT)
        reversals.claw_back(owner=payout.user, currency="USD", cause="r", at=LATER)


def send(what: str) -> None:
    if what == "reversal":
        reversals.send_reversal(reversal_id=Reversal.objects.get().pk)
    else:
        payouts.send_payout(payout_id=Payout.objects.get().pk)


def main(step: str, what: str, dies: str) -> None:
    # Tasks wait for the step that sends; here nothing runs by itself.
    from common import jobs

    provider = Provider(dies)
    payment_services.gateway = lambda: provider
    with clock.frozen(AT), jobs.gathered():
        {"prepare": prepare, "send": send}[step](what)
        row = Reversal.objects.first() if what == "reversal" else Payout.objects.get()
        broken = [str(violation) for violation in invariants.check_invariants()]
    sys.stdout.write(json.dumps({"state": row.state, "broken": broken}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
