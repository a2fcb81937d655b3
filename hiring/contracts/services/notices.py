"""Mails about contracts. Each is queued in the transaction of what it tells, and only once (`Notice`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from accounts import regions
from common import emails
from common.money import Money
from common.templatetags.money import moment as in_words
from common.templatetags.money import money as amount_in_words
from hiring.contracts.models import Contract, Milestone, Notice
from hiring.contracts.process import Actor
from hiring.contracts.services import steps
from hiring.contracts.services.notice_words import FEE_KEPT, Kind, words_of

__all__ = ["Kind", "other", "send", "send_about"]


def other(side: Actor) -> Actor:
    """Return the other side."""
    return Actor.PROVIDER if side == Actor.CLIENT else Actor.CLIENT


def send_about(
    step: steps.Step,
    kind: Kind,
    *,
    to: Actor,
    until: datetime | None = None,
    about: str = "",
    minor: int | None = None,
    rest_minor: int | None = None,
    kept_minor: int = 0,
    words: str = "",
    lines: Sequence[tuple[str, str]] = (),
    facts: Callable[[], dict[str, str]] | None = None,
) -> None:
    """Tell one side what a step did. `about` is what the mail is sent once for; by default the milestone."""
    send(
        step.contract,
        kind,
        to=to,
        about=about or step.milestone.public_id,
        milestone=step.milestone,
        until=until,
        minor=minor,
        rest_minor=rest_minor,
        kept_minor=kept_minor,
        words=words,
        lines=lines,
        facts=facts,
        at=step.at,
    )


def send(
    contract: Contract,
    kind: Kind,
    *,
    to: Actor,
    about: str,
    at: datetime,
    milestone: Milestone | None = None,
    until: datetime | None = None,
    minor: int | None = None,
    rest_minor: int | None = None,
    kept_minor: int = 0,
    words: str = "",
    lines: Sequence[tuple[str, str]] = (),
    facts: Callable[[], dict[str, str]] | None = None,
) -> None:
    """Queue a mail to one side, if it was not sent yet. Who has left gets none.

    `minor` and `rest_minor` are the two parts of a division, or the one amount that the mail is about. `kept_minor` is
    a card fee that the client bears, said in a sentence of its own. `lines` are shown as a list, such as a receipt.
    `facts` are more of them, made once the reader's language is active.
    """
    person = contract.person(to)
    _notice, is_new = Notice.objects.get_or_create(
        user=person, kind=kind, about=about, defaults={"contract": contract, "made_at": at}
    )
    if not is_new or not person.is_active or not person.mail_to:
        return
    with regions.active(person.region):
        told_facts = {
            "contract": contract.title,
            "milestone": milestone.title if milestone else "",
            "name": contract.person(other(to)).display_name,
            "amount": _amount(minor, contract.currency),
            "rest": _amount(rest_minor, contract.currency),
            "until": in_words(until) if until else "",
            "kept": _amount(kept_minor, contract.currency),
            **(facts() if facts is not None else {}),
        }
        told = words_of(kind, to, is_free=milestone is not None and not milestone.amount_minor)
        context = {
            "heading": told.subject % told_facts,
            "body": told.body % told_facts,
            "lines": lines,
            "kept": FEE_KEPT[to] % told_facts if kept_minor else "",
            "until": told_facts["until"],
            "until_means": told.until % told_facts if until else "",
            "words": words,
            "contract": contract,
        }
        emails.enqueue("contract_news", told.subject % told_facts, person.mail_to, context)


def _amount(minor: int | None, currency: str) -> str:
    return amount_in_words(Money(minor, currency)) if minor is not None and currency else ""
