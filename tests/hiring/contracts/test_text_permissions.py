"""Words that a hired provider has passed to the client are no copy."""

from __future__ import annotations

import pytest

from hiring.service_kinds import ServiceKind
from publishing.models import Edition
from publishing.passages import hooks
from publishing.passages.models import Match
from publishing.passages.services import comparing
from tests.conftest import NOON
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_author
from tests.factories.passages import make_text
from tests.hiring.contracts.factories import make_contract
from tests.hiring.contracts.test_translations import accept, delivered

pytestmark = pytest.mark.django_db

SHARED = drawn_words(4000, 21)
COPY = [*drawn_words(1500, 22), *SHARED[500:1500]]


def hired(*, kind: str = ServiceKind.DEVELOPMENTAL_EDITING, is_accepted: bool = True) -> tuple[Edition, Edition]:
    """The client's later text and the provider's earlier one, which share a passage."""
    client, provider = make_author(), make_author()
    earlier = make_text(SHARED, owner=provider)
    later = make_text(COPY, owner=client, compares=False)
    contract = make_contract(client=client, provider=provider, work=later.work, kind=kind)
    file = delivered(milestone=contract.milestones.order_by("position")[0])
    if is_accepted:
        accept(file)
    return later, earlier


def test_words_of_the_provider_are_the_clients_once_their_delivery_is_paid() -> None:
    later, earlier = hired()
    assert hooks.is_permitted(later.work, earlier.work)
    comparing.compare_edition(edition_id=later.pk, at=NOON)
    assert not Match.objects.exists()


def test_not_before() -> None:
    later, earlier = hired(is_accepted=False)
    assert not hooks.is_permitted(later.work, earlier.work)
    comparing.compare_edition(edition_id=later.pk, at=NOON)
    assert Match.objects.exists()


def test_whoever_drew_the_cover_gave_no_words() -> None:
    later, earlier = hired(kind=ServiceKind.COVER_DESIGN)
    assert not hooks.is_permitted(later.work, earlier.work)


def test_the_providers_book_may_not_use_the_clients() -> None:
    later, earlier = hired()
    assert not hooks.is_permitted(earlier.work, later.work)
