"""Steps with a process that dies in them: `python -m tests.kills.dying` answers one request a line.

A request is JSON: the step, `before` or `after`, and the name of a database. There it sets the step up, lets a process
of its own act and kill itself with SIGKILL, at the provider's door (before the provider acts, or after it did and
before anything is written down) or in a step of a contract (`contract_steps.py`), then has the sweepers of the schedule
come. The answer is what was found, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import django
import stripe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.db import connection, connections  # noqa: E402

from common import clock, jobs  # noqa: E402
from config.celery import app  # noqa: E402
from payments.models import SandboxObject  # noqa: E402
from payments.stripe import client  # noqa: E402
from payments.stripe.sandbox import events  # noqa: E402
from payments.stripe.sandbox.transport import SandboxTransport  # noqa: E402
from payments.stripe.schema_check import ContractTransport  # noqa: E402
from royalties.models import JournalEntry  # noqa: E402
from royalties.services import invariants  # noqa: E402
from tests.conftest import NOON  # noqa: E402
from tests.kills.contract_steps import CONTRACT_STEPS, ContractStep  # noqa: E402
from tests.kills.steps import STEPS, Step  # noqa: E402
from tests.payments.postman import post_in_process  # noqa: E402
from tests.royalties.books import balances_differ  # noqa: E402

_ROUNDS = 3  # what one sweep finds may leave something for the next
_SURVIVED = 9


class DeadlyTransport(stripe.HTTPClient):
    """Kills this very process at one of the provider's addresses."""

    name = "deadly"

    def __init__(self, dies_at: str, when: str) -> None:
        super().__init__()
        self.inner, self.dies_at, self.when = ContractTransport(SandboxTransport()), re.compile(dies_at), when

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **how: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        is_here = method == "post" and self.dies_at.search(urlsplit(url).path) is not None
        if is_here and self.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = self.inner.request(method, url, headers, post_data, **how)
        if is_here:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def close(self) -> None:
        """Nothing is held open."""


def counts() -> dict[str, Counter[str]]:
    """What there is at the provider and in the books, by kind; payouts to payees' banks it makes by itself."""
    return {
        "made": Counter(SandboxObject.objects.exclude(kind="payout").values_list("kind", flat=True)),
        "booked": Counter(JournalEntry.objects.values_list("kind", flat=True)),
    }


def let_it_die(step: Step | ContractStep, when: str) -> int:
    """Act in a process of its own; the signal that ended it, or 0."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            with clock.frozen(step.at):
                act_and_die(step, when)
        finally:
            os._exit(_SURVIVED)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def act_and_die(step: Step | ContractStep, when: str) -> None:
    if isinstance(step, ContractStep):
        step.die(when)
    else:
        client.SandboxTransport = lambda: DeadlyTransport(step.dies_at, when)
        step.act()


def sweep() -> None:
    """Everything that the schedule runs to find what was left behind, of those who talk to the provider."""
    names = [entry["task"] for entry in app.conf.beat_schedule.values()]
    for name in names:
        if ".retry_stuck" in name and name.split(".")[0] in {"payments", "royalties", "checkout", "funding"}:
            jobs.run_now(name)


def rest(step: Step | ContractStep) -> None:
    """Time passes, for people and for machines; sweepers come, and whoever is meant to come back."""
    clock.real_now = clock.database_real_now = lambda: datetime.now(UTC) + step.waits
    with clock.frozen(step.at + step.waits):
        sweep()
        step.comes_back()
    for minutes in range(_ROUNDS):
        with clock.frozen(step.at + step.waits + timedelta(minutes=minutes)):
            sweep()


def found(name: str, when: str) -> dict[str, Any]:
    """Set the step up, let it die, let it come to rest; what there is then."""
    step = CONTRACT_STEPS[name] if name in CONTRACT_STEPS else STEPS[name]
    events.post = post_in_process
    client.SandboxTransport = lambda: ContractTransport(SandboxTransport())
    with clock.frozen(NOON):
        step.prepare()
    before = counts()
    died_of = let_it_die(step, when)
    at_death = counts()
    rest(step)
    after = counts()
    return {
        "died_of": died_of,
        "made_at_death": at_death["made"] - before["made"],
        "made": after["made"] - before["made"],
        "booked": after["booked"] - before["booked"],
        "stand": dict(step.rows()),
        "broken": [str(violation) for violation in invariants.check_invariants()] + balances_differ(),
    }


def answer(name: str, when: str, database: str) -> None:
    """One request, in a process of its own, so that nothing of it is left for the next."""
    pid = os.fork()
    if pid == 0:
        connection.settings_dict["NAME"] = database
        try:
            sys.stdout.write(json.dumps(found(name, when)) + "\n")
        except BaseException:
            sys.stdout.write(json.dumps(traceback.format_exc()) + "\n")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    for line in sys.stdin:
        answer(*json.loads(line))
