"""What addresses of hiring may name: the author's service with a sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from common import clock
from hiring.offers.models import Provider
from hiring.offers.services import samples
from tests.factories.hiring import make_offer


def values_of(author: User, say: Callable[[str], str]) -> dict[str, Any]:
    Provider.objects.create(user=author, capacity="private", changed_at=clock.now())
    offer = make_offer(provider=author, title=say("Line editing"), text=say("I read it twice. " * 5))
    sample = samples.add_text(
        actor=author, offer=offer, title=say("Page 1"), before=say("Teh"), text=say("The"), at=clock.now()
    )
    return {
        "offer_id": offer.public_id,
        "sample_id": sample.public_id,
        "add-sample:kind": "text",
        "act:action": "pause",
        "person:public_id": author.public_id,
        "fragment:public_id": author.public_id,
    }
