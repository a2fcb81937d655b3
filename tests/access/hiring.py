"""Work between members, one of everything."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from accounts.models import User
from common import clock
from hiring.offers.models import Provider
from hiring.offers.services import samples
from hiring.requests.services import proposals, requests
from hiring.requests.services.requests import RequestInput
from tests.factories.conversations import make_conversation, send
from tests.factories.hiring import draw, make_offer, proposal_input
from tests.factories.pictures import picture


def values_of(*, author: User, buyer: User, other: User, say: Callable[[str], str]) -> dict[str, Any]:
    return {
        **_of_offers(author, say),
        **_of_conversations(author, buyer, say),
        **_of_requests(other, author, say),
    }


def _of_offers(author: User, say: Callable[[str], str]) -> dict[str, Any]:
    """The author's service with a sample."""
    Provider.objects.create(user=author, capacity="private", changed_at=clock.now())
    offer = make_offer(
        provider=author,
        title=say("Line editing"),
        text=say("I read it twice, slowly, with a pencil in my hand and the window open to the sea."),
    )
    sample = samples.add_text(
        actor=author, offer=offer, title=say("Page 1"), before=say("Teh"), text=say("Better"), at=clock.now()
    )
    drawing = samples.add_picture(
        actor=author,
        offer=offer,
        title=say("Fog"),
        alt=say("A lighthouse"),
        content=io.BytesIO(picture(800, 600)),
        name="fog.png",
        at=clock.now(),
    )
    draw(drawing)
    return {
        "offer_id": offer.public_id,
        "sample_id": sample.public_id,
        "picture:sample_id": drawing.public_id,
        "add-sample:kind": "text",
        "act:action": "pause",
        "person:public_id": author.public_id,
        "fragment:public_id": author.public_id,
    }


def _of_conversations(author: User, buyer: User, say: Callable[[str], str]) -> dict[str, Any]:
    """The buyer and the author write to each other."""
    conversation = make_conversation(buyer, author, title=say("A cover for the lamp"))
    send(buyer, conversation, say("What would it cost?"))
    sent = send(author, conversation, say("Like this?"), files={"sketch.txt": b"A lamp."})
    return {
        "conversation:public_id": conversation.public_id,
        "file_id": sent.files.get().public_id,
        "person_id": author.public_id,
        "thing-report:kind": "message",
        "thing_id": sent.public_id,
    }


def _of_requests(client: User, provider: User, say: Callable[[str], str]) -> dict[str, Any]:
    """The other author asks the first one, who proposes something."""
    at = clock.now()
    told = RequestInput(
        "copy_editing", say("A crime novel"), say("A keeper."), "en", "USD", genre="FF", passage=say("The rain.")
    )
    request = requests.open_request(actor=client, told=told, at=at)
    invitation = request.invitations.get(offer__provider=provider)
    made = proposals.propose(
        actor=provider, invitation=invitation, told=proposal_input(scope=say("I copy-edit it.")), at=at
    )
    return {
        **{f"{name}:request_id": request.public_id for name in ("request", "withdraw", "ask-also", "inputs")},
        "inputs:number": 1,
        "invitation_id": invitation.public_id,
        "proposal_id": made.public_id,
        "answer:action": "decline",
    }
