"""What addresses of contracts may name: the author hired somebody, and they disagree about one of three milestones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.models import User
from common import clock
from hiring.contracts import services
from publishing.models import Work
from tests.factories.accounts import make_moderator
from tests.hiring.contracts.factories import a_stored_file, deliver, fund, terms_of


def values_of(*, client: User, provider: User, work: Work, say: Callable[[str], str]) -> dict[str, Any]:
    """One milestone is delivered and may be divided, one is in a case, one is not paid; a change is proposed."""
    at = clock.now()
    terms = terms_of(
        client, provider, work, amounts=[40_000, 30_000, 20_000], title=say("Cover art"), scope=say("Front and spine.")
    )
    contract = services.open_contract(actor=client, terms=terms, at=at)
    delivered, disputed, _planned = contract.milestones.all()
    for milestone in (delivered, disputed):
        fund(milestone, at=at)
    told = services.DeliveryInput(note=say("Here it is."), files=[a_stored_file()])
    services.deliver(actor=provider, milestone=disputed, told=told, at=at)
    deliver(delivered, at=at)
    services.request_revision(actor=client, milestone=disputed, wishes=say("Bluer."), at=at)
    services.deliver(
        actor=provider, milestone=disputed, told=services.DeliveryInput(files=[a_stored_file(b"Bluer.")]), at=at
    )
    case = services.open_case(
        actor=client, milestone=disputed, amount_minor=30_000, reason=say("Still too red."), at=at
    )
    shown = services.answer_case(
        actor=provider, case=case, body=say("As agreed."), files=[a_stored_file(b"The brief.")], at=at
    )
    division = services.propose_division(
        actor=provider, milestone=delivered, provider_minor=10_000, reason=say("Half of it."), at=at
    )
    more = replace(terms, revision_rounds=3)
    amendment = services.propose_amendment(
        actor=provider, contract=contract, terms=more, reason=say("One more round."), at=at
    )
    _decided(client, provider, work)
    handed_over = disputed.deliveries.all()[0].files.get().public_id
    return {
        "contract_id": contract.public_id,
        "milestone_id": delivered.public_id,
        "deliver:milestone_id": delivered.public_id,
        "act:act": "accept",
        "division_id": division.public_id,
        "amendment_id": amendment.public_id,
        **{f"{page}:file_id": handed_over for page in ("delivered-file", "make-book", "use-as-cover")},
        **{f"{page}:case_id": case.public_id for page in ("case", "case-write")},
        "case-file:file_id": shown.files.get().public_id,
        "terms:version": 1,
    }


def _decided(client: User, provider: User, work: Work) -> None:
    """Another contract, whose case was decided and appealed."""
    at = clock.now()
    contract = services.open_contract(actor=client, terms=terms_of(client, provider, work), at=at)
    milestone = deliver(fund(contract.milestones.get(), at=at), at=at)
    case = services.open_case(actor=client, milestone=milestone, amount_minor=10_000, reason="No.", at=at)
    services.answer_case(actor=provider, case=case, body="Yes.", at=at)
    services.decide_case(actor=make_moderator(), case=case, provider_minor=5_000, reason="Half.", at=at)
    services.appeal(actor=client, case=case, reason="Look again.", at=at)
