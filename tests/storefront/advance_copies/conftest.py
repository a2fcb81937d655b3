"""A draft of an author, of which readers get copies."""

from __future__ import annotations

import pytest

from publishing.models import Edition, EditionState
from storefront.advance_copies.models import Offer
from tests.factories.accounts import make_author
from tests.factories.advance_copies import make_draft, make_offer


@pytest.fixture
def author(db):
    return make_author(display_name="Ada Quill")


@pytest.fixture
def draft(author) -> Edition:
    return make_draft(author)


@pytest.fixture
def work(draft):
    return draft.work


@pytest.fixture
def offer(work) -> Offer:
    return make_offer(work)


def publish(edition: Edition, at) -> Edition:
    """Put the draft on sale, as `publish_edition` leaves it."""
    from publishing import hooks

    found = Edition.objects.select_related("work").get(pk=edition.pk)
    found.state, found.published_at = EditionState.PUBLISHED, at
    found.save(update_fields=["state", "published_at"])
    hooks.notify_listed(found)
    return found
