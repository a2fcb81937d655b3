"""Steps of contracts that move money, and how a process that dies in them is set up.

A step is one transaction: it decides in the contract and books in the ledger. Its payment comes after it: the refund
that a message asks for, or the clearing. `before` kills the process in the transaction, when all is written and nothing
committed; `after` kills it between the commit and the messages. Then whoever took the step comes back, and sweepers.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from common import clock, jobs
from common.errors import DomainError
from hiring.contracts import services
from hiring.contracts.models import Milestone
from hiring.contracts.selectors import clocks
from hiring.contracts.services import steps
from hiring.funding import services as funding_services
from hiring.funding.models import MilestonePayment, MilestoneRefund
from royalties.services import clearing
from tests.conftest import NOON
from tests.factories import buying
from tests.factories.accounts import make_moderator
from tests.hiring.contracts.factories import deliver, make_contract
from tests.payments.postman import deliver_all

_TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class ContractStep:
    """One step, who takes it again, and what it must have come to."""

    prepare: Callable[[], object]
    act: Callable[[], object]
    booked: Mapping[str, int]
    stand: Mapping[str, str]
    made: Mapping[str, int] = field(default_factory=dict)  # at the provider
    at: datetime = NOON
    waits: timedelta = timedelta(minutes=2)

    def rows(self) -> dict[str, str]:
        """How the milestone stands, and its refund if there is one."""
        milestone = Milestone.objects.get()
        found = {"milestone": milestone.state, "settlements": str(milestone.settlements.count())}
        if (case := milestone.cases.first()) is not None:
            found["statements"] = str(case.statements.count())
        refund = MilestoneRefund.objects.first()
        return found | ({"refund": refund.state} if refund is not None else {})

    def comes_back(self) -> None:
        """Take the step again, as its person or the clock does; it is refused where it was taken."""
        with suppress(DomainError):
            self.act()
        clearing.clear_due(at=clock.now())

    def die(self, when: str) -> None:
        """Take the step and be killed in it, or right after its commit."""
        if when == "before":
            finish = steps.finish

            def and_die(*given: Any, **named: Any) -> None:
                finish(*given, **named)
                os.kill(os.getpid(), signal.SIGKILL)

            steps.finish = and_die
        with jobs.collect_messages():
            self.act()
        os.kill(os.getpid(), signal.SIGKILL)


def _milestone() -> Milestone:
    return Milestone.objects.select_related("contract__client", "contract__provider", "contract__work").get()


def _with_page() -> None:
    """A milestone whose payment page is paid, and nobody has heard of it."""
    milestone = make_contract(at=clock.now()).milestones.get()
    client = milestone.contract.client
    services.start_paying(actor=client, milestone=milestone, at=clock.now())
    url = funding_services.start_payment(
        actor=client,
        reference=milestone.public_id,
        payer=client,
        title=milestone.title,
        amount=milestone.amount,
        return_url="https://shop.example/contracts/",
        at=clock.now(),
    )
    with jobs.collect_messages():
        buying.pay_session(url.rstrip("/").rpartition("/")[2])


def _arrives() -> None:
    funding_services.settle_session(session_id=MilestonePayment.objects.get().session_id)


def _funded() -> None:
    _with_page()
    _arrives()
    deliver_all()


def _delivered() -> None:
    _funded()
    deliver(_milestone(), at=clock.now())


def _accepted() -> None:
    services.accept(actor=_milestone().contract.client, milestone=_milestone(), at=clock.now())


def _given_back() -> None:
    services.give_back(actor=_milestone().contract.provider, milestone=_milestone(), at=clock.now())


def _clock_ran() -> None:
    for milestone_id in clocks.due_milestones(at=clock.now()):
        services.run_clock(milestone_id=milestone_id, at=clock.now())


def _division_proposed() -> None:
    _delivered()
    client = _milestone().contract.client
    services.propose_division(actor=client, milestone=_milestone(), provider_minor=10_000, at=clock.now())


def _division_accepted() -> None:
    milestone = _milestone()
    services.accept_division(actor=milestone.contract.provider, division=milestone.divisions.get(), at=clock.now())


def _in_case() -> None:
    """There is a case about all of the money."""
    _delivered()
    milestone = _milestone()
    client = milestone.contract.client
    services.open_case(
        actor=client, milestone=milestone, amount_minor=40_000, reason="Not what we said.", at=clock.now()
    )


def _written() -> None:
    client, case = _milestone().contract.client, _milestone().cases.get()
    services.write_in_case(actor=client, case=case, body="Look at the spine.", at=clock.now())


def _withdrawn() -> None:
    services.withdraw_case(actor=_milestone().contract.client, case=_milestone().cases.get(), at=clock.now())


def _decided() -> None:
    """The case was decided in parts."""
    _in_case()
    milestone = _milestone()
    case = milestone.cases.get()
    services.answer_case(actor=milestone.contract.provider, case=case, body="It is.", at=clock.now())
    moderator = make_moderator(email="first@example.org")
    services.decide_case(
        actor=moderator, case=_milestone().cases.get(), provider_minor=20_000, reason="Half.", at=clock.now()
    )


def _appealed() -> None:
    _decided()
    make_moderator(email="second@example.org")
    client, case = _milestone().contract.client, _milestone().cases.get()
    services.appeal(actor=client, case=case, reason="Look again.", at=clock.now())


def _appeal_decided() -> None:
    second = type(_milestone().contract.client).objects.get(email="second@example.org")
    case = _milestone().cases.get()
    services.decide_appeal(actor=second, case=case, provider_minor=30_000, reason="More.", at=clock.now())


_RETURNED = {"milestone_settled": 1, "milestone_returned": 1}
_DIVIDED = {**_RETURNED, "clearing": 1}

CONTRACT_STEPS: dict[str, ContractStep] = {
    "payment of a milestone arrives": ContractStep(
        prepare=_with_page,
        act=_arrives,
        booked={"milestone_funded": 1, "processor_fee": 1},
        stand={"milestone": "funded", "settlements": "0"},
    ),
    "delivery accepted": ContractStep(
        prepare=_delivered,
        act=_accepted,
        booked={"milestone_settled": 1, "clearing": 1},
        stand={"milestone": "accepted", "settlements": "1"},
    ),
    "delivery accepted by the clock": ContractStep(
        prepare=_delivered,
        act=_clock_ran,
        at=NOON + _TWO_WEEKS,
        booked={"milestone_settled": 1},  # five days in clearing
        stand={"milestone": "released", "settlements": "1"},
    ),
    "money given back": ContractStep(
        prepare=_funded,
        act=_given_back,
        made={"refund": 1},
        booked=_RETURNED,
        stand={"milestone": "returned", "settlements": "1", "refund": "succeeded"},
    ),
    "money returned by the clock": ContractStep(
        prepare=_funded,
        act=_clock_ran,
        at=NOON + 4 * _TWO_WEEKS,
        made={"refund": 1},
        booked=_RETURNED,
        stand={"milestone": "returned", "settlements": "1", "refund": "succeeded"},
    ),
    "division accepted": ContractStep(
        prepare=_division_proposed,
        act=_division_accepted,
        made={"refund": 1},
        booked=_DIVIDED,
        stand={"milestone": "settled", "settlements": "1", "refund": "succeeded"},
    ),
    "words in a case": ContractStep(
        prepare=_in_case,
        act=_written,
        booked={},
        stand={"milestone": "in_case", "settlements": "0", "statements": "1"},
    ),
    "case withdrawn": ContractStep(
        prepare=_in_case,
        act=_withdrawn,
        booked={},
        stand={"milestone": "delivered", "settlements": "0", "statements": "0"},
    ),
    "decision made final by the clock": ContractStep(
        prepare=_decided,
        act=_clock_ran,
        at=NOON + _TWO_WEEKS,
        made={"refund": 1},
        booked=_DIVIDED,
        stand={"milestone": "settled", "settlements": "1", "statements": "1", "refund": "succeeded"},
    ),
    "appeal decided": ContractStep(
        prepare=_appealed,
        act=_appeal_decided,
        made={"refund": 1},
        booked=_DIVIDED,
        stand={"milestone": "settled", "settlements": "1", "statements": "1", "refund": "succeeded"},
    ),
}
