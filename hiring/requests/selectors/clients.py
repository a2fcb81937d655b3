"""What those who are asked read of a client before they propose anything. Nobody learns whom the client hired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from hiring.contracts.selectors import ClientRecord, client_record_of
from hiring.reviews import selectors as review_selectors
from hiring.reviews.models import ContractReview
from hiring.reviews.selectors import Summary

_MAX_REVIEWS = 5


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """How long a client has been here, what became of their contracts, and what providers wrote."""

    client: User
    record: ClientRecord
    summary: Summary
    reviews: list[ContractReview]

    @property
    def is_new(self) -> bool:
        return not self.record.counted and not self.record.running and not self.summary.count


def client_facts(client: User, at: datetime) -> ClientFacts:
    """Return what is known of a client."""
    return ClientFacts(
        client=client,
        record=client_record_of(client.pk),
        summary=review_selectors.summaries([client.pk], at, by_clients=False)[client.pk],
        reviews=list(review_selectors.shown_about(client, at, by_clients=False)[:_MAX_REVIEWS]),
    )
