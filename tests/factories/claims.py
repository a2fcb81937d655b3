"""Claims on words of books on sale, through the services."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from accounts.models import User
from common import clock
from publishing import hooks
from publishing.models import Edition, Work
from publishing.passages.models import Match
from royalties.models import PayoutAccount
from storefront.claims.models import Authority, Claim, Reply, Side
from storefront.claims.services import answers, decisions, emails, filing
from storefront.claims.services.filing import ClaimInput
from storefront.community.selectors import cases
from tests.conversion.passages.texts import as_text, drawn_words
from tests.factories.accounts import make_author, make_moderator
from tests.factories.passages import make_match, make_text

# Of texts whose words in both books have enough prints to be found.
_seeds = cycle((1001, 1005, 1011, 1015, 1029, 1031, 1033, 1039, 1041, 1049, 1053, 1055, 1059, 1065, 1069, 1071))
EVIDENCE = "The original was published two years before."
REASON = "The words are those of the original, in the same order."


def known(user: User) -> User:
    """Somebody whom the payment provider has checked."""
    PayoutAccount.objects.create(
        user=user, country="DE", is_ready=True, changed_at=clock.now(), usable_from=clock.now()
    )
    return user


def make_copy(*, later: User | None = None, earlier: User | None = None, seed: int = 0) -> Match:
    """A book on sale with 600 words of a book that had them before; other books each time."""
    match = make_match(later=later, earlier=earlier, seed=seed or next(_seeds))
    edition = edition_of(match)
    hooks.notify_listed(edition)
    return match


def edition_of(match: Match) -> Edition:
    edition = match.text.edition
    assert edition is not None
    return edition


def original_of(match: Match) -> Work:
    edition = match.other.edition
    assert edition is not None
    return edition.work


def told(**given: Any) -> ClaimInput:
    return ClaimInput(**{"authority": Authority.AUTHOR, "name": "Ann First", **given})


def file_found(
    match: Match, *, numbers: Collection[int] | None = None, at: datetime | None = None, **given: Any
) -> Claim:
    """A claim by the owner of the book that had the words first."""
    numbers = range(len(match.passages)) if numbers is None else numbers
    actor = original_of(match).owner
    return filing.file_found(actor=actor, match=match, numbers=numbers, told=told(**given), at=at or clock.now())


def make_sold(words: list[str] | None = None, *, owner: User | None = None) -> Edition:
    """A book on sale with these words, of which no other book has any."""
    edition = make_text(words or drawn_words(2000, 81), owner=owner or make_author(), title="The Third Lamp")
    hooks.notify_listed(edition)
    return edition


def file_copied(
    work: Work, words: list[str], *, actor: User | None = None, at: datetime | None = None, **given: Any
) -> Claim:
    """A claim on words that were copied from the book; without an account unless an actor is given."""
    sender = {} if actor is not None else {"email": "ann@example.org", "language": "en"}
    says = told(**{"original_title": "Lamps", "original_place": "Quay Press, 2019", **sender, **given})
    return filing.file_copied(actor=actor, work=work, copied=[as_text(words)], told=says, at=at or clock.now())


def answer(claim: Claim, reply: Reply = Reply.LICENCE, *, at: datetime | None = None) -> Claim:
    words = "" if reply == Reply.AGREE else "The press gave me one in 2021."
    owner = claim.work.owner
    return answers.answer(actor=owner, claim=claim, reply=reply, words=words, at=at or clock.now())


def uphold(claim: Claim, *, at: datetime | None = None) -> Claim:
    return answers.uphold(claim=claim, evidence=EVIDENCE, at=at or clock.now())


def make_deciding(claim: Claim, at: datetime | None = None) -> Claim:
    """The claim contested and upheld, so that a moderator decides it."""
    return uphold(answer(claim, at=at), at=at)


def seen(claim: Claim) -> str:
    claim = Claim.objects.select_related("case").get(pk=claim.pk)
    shown = cases.current_subject(claim.case) if claim.case is not None else None
    return shown.version if shown is not None else ""


def decide(
    claim: Claim, *, won: Collection[int] | None = None, actor: User | None = None, at: datetime | None = None
) -> Claim:
    """A moderator's decision: right for all passages unless told otherwise."""
    won = range(len(claim.passages)) if won is None else won
    return decisions.decide(
        actor=actor or make_moderator(),
        claim=claim,
        won=won,
        evidence=EVIDENCE,
        reason=REASON,
        seen=seen(claim),
        at=at or clock.now(),
    )


def mail_all(claim: Claim, at: datetime | None = None) -> None:
    """Send what is due."""
    for mail in claim.mails.filter(sent_at=None):
        emails.mail_step(mail_id=mail.pk, at=at or clock.now())
    claim.refresh_from_db()


def appeal(claim: Claim, side: Side, *, at: datetime | None = None) -> Claim:
    return decisions.appeal(actor=None, claim=claim, side=side, words="Look again.", at=at or clock.now())


def decide_appeal(
    claim: Claim, *, won: Collection[int], actor: User | None = None, at: datetime | None = None
) -> Claim:
    return decisions.decide_appeal(
        actor=actor or make_moderator(), claim=claim, won=won, reason=REASON, seen=seen(claim), at=at or clock.now()
    )


def dismissed(claim: Claim, at: datetime | None = None) -> Claim:
    """The claim dismissed for good."""
    at = at or clock.now()
    mail_all(decide(make_deciding(claim, at), won=(), at=at), at)
    decisions.make_final(Claim.objects.get(pk=claim.pk), at + timedelta(days=14))
    return Claim.objects.get(pk=claim.pk)
