"""Whether a contract lets a work use the words of another one."""

from __future__ import annotations

from django.db.models import Q

from hiring.contracts.models import Contract
from hiring.contracts.selectors.usable_files import are_rights_passed
from hiring.service_kinds import TEXT_KINDS
from publishing.models import Work


def is_use_agreed(work: Work, other: Work) -> bool:
    """Return whether the owner of `other` was hired for the text of `work`, and the rights to a delivery have passed.

    What providers deliver may have passages of books of their own, and those are the client's then. It is not so the
    other way round: a provider's book may not use what was made for the client.
    """
    contracts = Contract.objects.filter(
        Q(work=work) | Q(translation=work), provider=other.owner_id, client=work.owner_id, kind__in=TEXT_KINDS
    )
    return any(
        are_rights_passed(milestone)
        for contract in contracts.prefetch_related("milestones")
        for milestone in contract.milestones.all()
    )
