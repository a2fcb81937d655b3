"""What happened in a contract, in words: a line of its log."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.money import Money
from hiring.contracts.models import ContractEvent
from hiring.contracts.process import Act, Actor

_WORDS: dict[str, str | Promise] = {
    "open": gettext_lazy("The contract was agreed"),
    "end": gettext_lazy("The contract ended"),
    "reopen": gettext_lazy("The contract is open again"),
    Act.CALL_OFF: gettext_lazy("%(name)s called it off"),
    Act.START_PAYING: gettext_lazy("%(name)s opened the payment page"),
    Act.CLOSE_PAGE: gettext_lazy("The payment page closed without a payment"),
    Act.PAY: gettext_lazy("The payment arrived, and we hold it"),
    Act.AMEND: gettext_lazy("%(name)s agreed to the change of the contract"),
    Act.DELIVER: gettext_lazy("%(name)s delivered"),
    Act.GIVE_BACK: gettext_lazy("%(name)s gave the money back"),
    Act.GIVE_BACK_PART: gettext_lazy("%(name)s gave a part of the money back"),
    Act.PROPOSE_DIVISION: gettext_lazy("%(name)s proposed how to divide the money"),
    Act.ACCEPT_DIVISION: gettext_lazy("%(name)s agreed to the proposed division"),
    Act.TAKE_BACK: gettext_lazy("%(name)s took the money back, as the work was late"),
    Act.TAKE_BACK_FROM_ABSENT: gettext_lazy("%(name)s took the money back, as the provider’s account is closed"),
    Act.RETURN: gettext_lazy("Nothing was delivered in time, and the money went back"),
    Act.ACCEPT: gettext_lazy("%(name)s accepted the work"),
    Act.ACCEPT_PART: gettext_lazy("%(name)s accepted a part"),
    Act.REQUEST_REVISION: gettext_lazy("%(name)s asked for a revision"),
    Act.OPEN_CASE: gettext_lazy("%(name)s opened a case"),
    Act.ACCEPT_BY_SILENCE: gettext_lazy("Nobody answered in time, so the work counts as accepted"),
    Act.CLEAR: gettext_lazy("The time to object ended, and the money is the provider’s"),
    Act.ANSWER: gettext_lazy("%(name)s answered the case"),
    Act.WRITE_IN_CASE: gettext_lazy("%(name)s wrote in the case"),
    Act.ASK_IN_CASE: gettext_lazy("A moderator asked both sides something"),
    Act.WITHDRAW_CASE: gettext_lazy("%(name)s withdrew the case"),
    Act.END_ANSWERING: gettext_lazy("The case was not answered in time; a moderator decides"),
    Act.DECIDE: gettext_lazy("A moderator decided the case"),
    Act.APPEAL: gettext_lazy("%(name)s appealed against the decision"),
    Act.MAKE_FINAL: gettext_lazy("Nobody appealed, so the decision is final"),
    Act.DECIDE_APPEAL: gettext_lazy("A second moderator decided the appeal; that is final"),
    Act.STOP: gettext_lazy("A bank questioned the payment"),
    Act.END_STOP: gettext_lazy("The bank decided that the payment stands"),
    Act.TAKE: gettext_lazy("The bank took the payment back"),
    Act.END_ACCOUNT: gettext_lazy("An account was deleted, which ended the work"),
}


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line: what happened, in which milestone ("" where there is only one), and what it did with the money."""

    event: ContractEvent
    words: str
    milestone: str
    released: Money | None
    returned: Money | None
    kept: Money | None  # the card fee that the client bears
    canceled_by: str  # a side, in words; "" if it was no cancellation


def line_of(event: ContractEvent, *, currency: str, names_milestone: bool) -> EventLine:
    """Return the line of an event. Moderators are not named: they decide for the shop."""
    words = str(_WORDS[event.act]) % {"name": event.actor.display_name if event.actor is not None else _("Somebody")}
    facts = event.facts
    return EventLine(
        event=event,
        words=words,
        milestone=event.milestone.title if event.milestone is not None and names_milestone else "",
        released=Money(facts.released_minor, currency) if facts.released_minor else None,
        returned=Money(facts.returned_minor, currency) if facts.returned_minor else None,
        kept=Money(facts.kept_minor, currency) if facts.kept_minor else None,
        canceled_by=str(Actor(facts.canceled_by).label) if facts.canceled_by else "",
    )
