"""The world around the shop: time, workers who die, messages that get lost, and a provider whose post is unreliable."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.properties.money.template import BEGINNING, Cast


class Crash(BaseException):
    """A worker died here. No `except Exception` of the shop may stop it."""


# Where workers die: before the step's transaction began, or after it committed and before anybody heard of it.
FAILPOINTS = (
    ("royalties.services.payouts.outbox", "_ask"),
    ("royalties.services.payouts.outbox", "_confirm"),
    ("royalties.services.payouts.outbox", "_fail"),
    ("royalties.services.ledger", "post"),
    ("royalties.services.returns", "store"),
    ("royalties.services.clearing", "_clear_batch"),
    ("royalties.services.clearing", "_recover"),
    ("royalties.services.ledger_chain", "_chain_batch"),
    ("royalties.services.statements", "build"),
    ("royalties.services.reconciliation", "_match"),
    ("storefront.checkout.orders.services.settlement", "_settle"),
    ("storefront.checkout.orders.services.settlement", "complete"),
    ("storefront.checkout.orders.services.settlement", "_book_fee"),
    ("storefront.checkout.refunds.services.sending", "_book_result"),
    ("storefront.checkout.refunds.services.sending", "_ask"),
    ("storefront.checkout.refunds.services.sending", "book_foreign_refund"),
    ("storefront.checkout.refunds.services.provider_reports", "book_foreign_refund"),
    ("storefront.checkout.disputes.services.disputes", "_open"),
    ("storefront.checkout.disputes.services.disputes", "_decide"),
    ("payments.registry", "handlers_for"),
)
# Letters that move no money, and cost time to write.
_LETTERS = ("checkout.mail_receipt", "checkout.mail_refund", "royalties.tell_account_changed")


class World:
    """One schedule's surroundings. Everything random comes from `rng`."""

    def __init__(self, cast: Cast, rng: Random, *, has_faults: bool) -> None:
        self.cast, self.rng, self.has_faults = cast, rng, has_faults
        self.now: datetime = BEGINNING + timedelta(days=4)
        self.messages: list[tuple[str, dict[str, int | str]]] = []
        self.armed: tuple[str, str, bool] | None = None
        self.log: list[str] = []

    @contextmanager
    def lived_in(self) -> Iterator[None]:
        """Our clock, our messages and our failpoints are the shop's inside the block."""
        from common import clock, jobs

        doors = ("now", "real_now", "database_now", "database_real_now")
        before = {name: getattr(clock, name) for name in doors}
        for name in doors:
            setattr(clock, name, lambda: self.now)
        undo = [self._watch(module, name) for module, name in FAILPOINTS]
        try:
            with jobs.collect_messages() as self.messages:
                yield
        finally:
            for name, door in before.items():
                setattr(clock, name, door)
            for restore in undo:
                restore()

    def note(self, text: str) -> None:
        self.log.append(f"{self.now:%m-%d %H:%M:%S} {text}")

    # ------------------------------------------------------------ trouble

    def _watch(self, module_name: str, name: str) -> Callable[[], None]:
        module = importlib.import_module(module_name)
        original = getattr(module, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            if self.armed == (module_name, name, False):
                self._die(name, "before")
            result = original(*args, **kwargs)
            if self.armed == (module_name, name, True):
                self._die(name, "after")
            return result

        setattr(module, name, watched)
        return lambda: setattr(module, name, original)

    def _die(self, name: str, when: str) -> None:
        self.armed = None
        self.note(f"  a worker dies {when} {name}")
        raise Crash

    def trouble(self) -> None:
        """Something may be about to go wrong."""
        from payments.models import FaultKind
        from payments.stripe.sandbox import faults

        if not self.has_faults:
            return
        if self.rng.random() < 0.25:
            self.armed = (*self.rng.choice(FAILPOINTS), self.rng.random() < 0.5)
        if self.rng.random() < 0.25:
            kind = self.rng.choice(list(FaultKind))
            path = self.rng.choice(["/v1/transfers", "/v1/refunds", "/v1/checkout", "/v1/payment_intents", "/v1/"])
            times = self.rng.randint(1, 4)
            faults.arm(kind, path, times=times)
            self.note(f"  {kind} x {times} for {path}")

    def calm(self) -> None:
        """From here on nothing goes wrong any more."""
        from payments.models import SandboxFault

        SandboxFault.objects.all().delete()
        self.armed, self.has_faults = None, False

    # ------------------------------------------------------------ workers and the provider's post

    def run(self, name: str, **ids: int | str) -> None:
        """One task by one worker, which may die of it or hear nothing from the provider."""
        from celery import current_app

        from payments.gateway import GatewayRefused, GatewayUnknown

        if name in _LETTERS:
            return
        if name == "payments.deliver":
            self.receive(str(ids["event_id"]))
            return
        try:
            current_app.tasks[name].run(**ids)
        except Crash:
            pass
        except (GatewayUnknown, GatewayRefused) as error:
            self.note(f"  {name}: {type(error).__name__}")

    def receive(self, event_id: str) -> None:
        """The provider's event reaches our address; signed anew with each attempt, as the provider does."""
        from stripe import WebhookSignature

        from payments import services as payment_services
        from payments.models import SandboxEvent
        from payments.stripe.configuration import secrets_of

        event = SandboxEvent.objects.get(event_id=event_id)
        signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
        payment_services.receive_event(endpoint=event.endpoint, body=event.body.encode(), signature=signature)
        SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=self.now)

    def work(self, share: float = 1.0) -> None:
        """Some of what waits is done, in any order; some messages get lost, some come twice."""
        waiting, self.messages[:] = list(self.messages), []
        self.rng.shuffle(waiting)
        for message in waiting:
            fate = self.rng.random() if self.has_faults else 0.5
            if fate > share:
                self.messages.append(message)
            elif fate > 0.04:
                self.run(message[0], **message[1])
                if fate < 0.12:
                    self.run(message[0], **message[1])
            elif message[0] == "payments.deliver":
                self.messages.append(message)  # the provider tries again
            else:
                self.note(f"  lost: {message[0]}")

    def sweep(self) -> None:
        """What runs by the clock: sweepers, clearing, the chain."""
        from payments.models import SandboxEvent

        for task in (
            "payments.retry_stuck",
            "checkout.retry_stuck",
            "royalties.retry_stuck_payouts",
            "royalties.clear_due",
        ):
            self.run(task)
        if self.rng.random() < 0.5:
            self.run("royalties.ledger_chain")
        for event_id in SandboxEvent.objects.filter(delivered_at=None).values_list("event_id", flat=True):
            if ("payments.deliver", {"event_id": event_id}) not in self.messages:
                self.messages.append(("payments.deliver", {"event_id": event_id}))
