"""Filing a claim: with passages that the comparison of books found, or with words copied from the book.

`actor` is None for people without an account, who give a name and an address and confirm the claim by the link in its
receipt. Words that belong to nobody are refused, with the text they come from.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from publishing.models import Work
from publishing.passages.models import Match, Passage, PrintedText
from publishing.passages.selectors import claimable
from publishing.record import licences
from publishing.services.editions import lock_work
from storefront.catalogue.models import Listing
from storefront.claims import permissions
from storefront.claims.errors import (
    AlreadyClaimed,
    ClaimantMissing,
    ClaimsSuspended,
    NoPassages,
    NotForSale,
    NothingToCompare,
    OriginalFree,
    OwnBook,
    PassageFree,
    PassageNotFound,
)
from storefront.claims.models import Authority, Claim, News, Side
from storefront.claims.process import Act, Actor, State
from storefront.claims.selectors import conduct
from storefront.claims.services import holds, locking, mailing

_NAMED = 80  # characters of a passage that an error quotes


@dataclass(frozen=True, slots=True)
class ClaimInput:
    """What the claimant says. `name`, `email` and `language` are of people without an account."""

    authority: Authority
    holder: str = ""
    words: str = ""
    original_title: str = ""
    original_place: str = ""
    name: str = ""
    email: str = ""
    language: str = ""


@transaction.atomic
def file_found(*, actor: User, match: Match, numbers: Collection[int], told: ClaimInput, at: datetime) -> Claim:
    """Claim passages that the comparison of books found, as the owner of the book that had them first.

    Raises OwnBook, NotForSale, NoPassages, OriginalFree, PassageFree, AlreadyClaimed, ClaimsSuspended.
    """
    if match.text.edition is None or match.other.edition is None:
        raise NothingToCompare
    work, original = lock_work(match.text.edition.work), match.other.edition.work
    _check(actor, "", work, at)
    if not permissions.may_answer(actor, original):
        raise OwnBook
    if original.licence in licences.FREE_TO_PUBLISH:
        raise OriginalFree(title=original.title, licence=licences.name(original.licence))
    chosen = tuple(passage for number, passage in enumerate(match.passages) if number in numbers)
    _check_passages(match.text, chosen, at)
    return _file(actor=actor, work=work, text=match.text, chosen=chosen, told=told, original=original, at=at)


@transaction.atomic
def file_copied(*, actor: User | None, work: Work, copied: list[str], told: ClaimInput, at: datetime) -> Claim:
    """Claim words that the claimant has copied from a book on sale.

    Raises OwnBook, NotForSale, NothingToCompare, NoPassages, PassageNotFound, PassageFree, ClaimantMissing,
    AlreadyClaimed, ClaimsSuspended.
    """
    work = lock_work(work)
    if actor is None and not (told.name.strip() and told.email.strip()):
        raise ClaimantMissing
    _check(actor, told.email if actor is None else "", work, at)
    text = claimable.text_on_sale(work)
    if text is None:
        raise NothingToCompare
    try:
        found = claimable.located(text, copied)
    except FileNotFoundError:
        raise NothingToCompare from None
    if found.missing:
        raise PassageNotFound(words=found.missing[0][:_NAMED])
    _check_passages(text, found.passages, at)
    return _file(actor=actor, work=work, text=text, chosen=found.passages, told=told, original=None, at=at)


@transaction.atomic
def confirm(*, claim: Claim, at: datetime) -> Claim:
    """Let a claim count from now on, because its sender followed the link in the receipt. Safe to repeat.

    Who has an account cannot get around a suspension by claiming from its address without logging in. Raises
    ClaimsSuspended, and the errors of `restrictions.require`.
    """
    claim = locking.lock(claim)
    if claim.state == State.UNCONFIRMED:
        locking.require(claim, Actor.CLAIMANT, Act.CONFIRM)
        _require_heard(User.objects.filter(email__iexact=claim.email).first(), claim.email, at)
        _begin(claim, at)
    return claim


def _require_heard(person: User | None, email: str, at: datetime) -> None:
    if person is not None:
        restrictions.require(person, Activity.NOTICES, at)
    if (suspension := conduct.suspension_of(person, email, at)) is not None and suspension.ends_at is not None:
        raise ClaimsSuspended(until=suspension.ends_at.date())


def _check(actor: User | None, email: str, work: Work, at: datetime) -> None:
    if actor is not None and not permissions.may_claim(actor, work):
        raise OwnBook
    if not Listing.objects.on_sale().filter(work=work).exists():
        raise NotForSale
    _require_heard(actor, email, at)
    if Claim.objects.by(actor, email).filter(work=work).exclude(state=State.ENDED).exists():
        raise AlreadyClaimed


def _check_passages(text: PrintedText, chosen: tuple[Passage, ...], at: datetime) -> None:
    if not chosen:
        raise NoPassages
    free = claimable.free_sources(text, chosen, at)
    if free:
        words = "".join(segment.text for segment in free[0].passage.here.segments)
        raise PassageFree(
            words=" ".join(words.split())[:_NAMED] or free[0].passage.here.chapter,
            title=free[0].title,
            source=free[0].source,
        )


def _file(
    *,
    actor: User | None,
    work: Work,
    text: PrintedText,
    chosen: tuple[Passage, ...],
    told: ClaimInput,
    original: Work | None,
    at: datetime,
) -> Claim:
    claim = Claim.objects.create(
        work=work,
        edition=text.edition,
        body_words=text.words,
        passages=chosen,
        by_machine=original is not None,
        original=original,
        original_title=(original.title if original is not None else told.original_title.strip())[:300],
        original_place=told.original_place.strip(),
        user=actor,
        name=(told.name.strip() or (actor.display_name if actor is not None else ""))[:120],
        email="" if actor is not None else told.email.strip().lower(),
        language="" if actor is not None else told.language,
        authority=told.authority,
        holder=told.holder.strip(),
        words=told.words.strip(),
        created_at=at,
        state=State.UNCONFIRMED,
        began_at=at,
    )
    account_services.record_audit(actor=actor, verb="claim.filed", subject=claim)
    if actor is not None:
        _begin(claim, at)
    mailing.tell(claim, News.RECEIVED, Side.CLAIMANT, at=at)
    return claim


def _begin(claim: Claim, at: datetime) -> None:
    locking.enter(claim, State.ANSWERING, at)
    claim.confirmed_at = at
    claim.save(update_fields=["state", "began_at", "confirmed_at"])
    holds.begin(claim, at)
    mailing.tell(claim, News.FILED, Side.AUTHOR, at=at)
