"""Matches, for those who may know of them.

Nobody learns of a text that was never on sale: not its author's neighbour, not a moderator. So the author of the later
text sees a match with an edition that has been on sale, and the author of the earlier one sees it from when the later
edition has been on sale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Visitor
from common.errors import NotFound
from conversion.engine.api import passages as engine
from publishing import permissions
from publishing.models import Edition, EditionState, Work
from publishing.passages.models import Match, MatchQuerySet, PrintedText
from publishing.record.licences import FREE_TO_PUBLISH

_RELATED = ("text__edition__work__owner", "other__edition__work__owner")


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match as the author of one of the two works sees it. `book` is the other one, `byline` its authors."""

    match: Match
    book: Work
    edition: Edition
    byline: str
    chapters: tuple[str, ...]
    is_later: bool  # whether the author's own work had the words later

    @property
    def published_at(self) -> datetime | None:
        """Return when the other edition went on sale."""
        return self.edition.published_at

    @property
    def is_on_sale(self) -> bool:
        return self.edition.state == EditionState.PUBLISHED


def _matches() -> MatchQuerySet:
    """Select what counts: nobody is asked about words of a text that anybody may publish."""
    rows = Match.objects.select_related(*_RELATED).prefetch_related(
        "other__edition__work__contributors", "text__edition__work__contributors"
    )
    return rows.exclude(other__edition__work__licence__in=FREE_TO_PUBLISH).order_by("-words", "pk")


def in_work(work: Work) -> QuerySet[Match]:
    """Select passages of the work that stand in books which had them before, most words first."""
    return _matches().filter(text__edition__work=work, other__edition__published_at__isnull=False)


def elsewhere(work: Work) -> QuerySet[Match]:
    """Select passages of the work that stand in books which have been on sale and had them later."""
    return _matches().filter(other__edition__work=work, text__edition__published_at__isnull=False)


def of_owner(work: Work, user: User) -> QuerySet[Match]:
    """Select passages of the edition on sale that stood before in books of the person, in drafts, too."""
    return _matches().filter(
        text__edition__work=work, text__edition__state=EditionState.PUBLISHED, other__edition__work__owner=user
    )


def matched_passages(work: Work, other: Work) -> Match | None:
    """Return the most words of `work` that stand in `other`, which had them first, with their passages; None without.

    Says nothing about who may know.
    """
    return _matches().filter(text__edition__work=work, other__edition__work=other).first()


def held_share_bps(match: Match, numbers: frozenset[int]) -> int:
    """Return the share of the later body that the passages with these numbers make up, rounded up. Numbers count from
    0 in `match.passages`, where no word is in two passages."""
    words = sum(passage.words for number, passage in enumerate(match.passages) if number in numbers)
    return -(-words * 10_000 // max(1, match.text.words))


def awaiting_answer() -> QuerySet[Match]:
    """Select matches of texts on sale with texts that were on sale, whose authors have not answered; for moderators."""
    return (
        _matches()
        .unanswered()
        .filter(text__edition__state=EditionState.PUBLISHED, other__edition__published_at__isnull=False)
    )


def shown(match: Match, work: Work) -> ShownMatch:
    """Return the match as the author of `work` sees it."""
    is_later = match.text.edition is not None and match.text.edition.work_id == work.pk
    edition = (match.other if is_later else match.text).edition
    if edition is None:
        raise NotFound
    names = [one.name for one in edition.work.contributors.all() if one.role == "aut" and not one.is_hired]
    places = [passage.here if is_later else passage.there for passage in match.passages]
    chapters = tuple(dict.fromkeys(place.chapter for place in places if place.chapter))
    return ShownMatch(match, edition.work, edition, ", ".join(names), chapters, is_later)


def is_in_any(work: Work) -> bool:
    """Return whether the authors of the work may know of any match of it."""
    return in_work(work).exists() or elsewhere(work).exists()


def is_compared(edition: Edition) -> bool:
    """Return whether the edition's text, as its files have it now, was compared with the others."""
    return PrintedText.objects.filter(edition=edition, job=edition.job_id, version=engine.VERSION).exists()


@dataclass(frozen=True, slots=True)
class StaffMatch:
    """A match with both books, as moderators see it: each as the author of the other one sees it."""

    match: Match
    later: ShownMatch
    earlier: ShownMatch


def shown_to_staff(match: Match) -> StaffMatch:
    """Return a match with both of its books. Raises NotFound for one of a reference text."""
    if match.text.edition is None or match.other.edition is None:
        raise NotFound
    return StaffMatch(match, shown(match, match.other.edition.work), shown(match, match.text.edition.work))


def match_for(user: Visitor, work: Work, match_id: str) -> Match:
    """Return a match of the work that its authors may know of. Raises NotFound."""
    permissions.require_see(user, work)
    rows = in_work(work).filter(public_id=match_id) | elsewhere(work).filter(public_id=match_id)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def match_for_moderators(match_id: str) -> Match:
    """Return a match that moderators may see: of two editions that have been on sale. Raises NotFound."""
    was_on_sale = {"text__edition__published_at__isnull": False, "other__edition__published_at__isnull": False}
    rows = Match.objects.select_related(*_RELATED, "answered_by")
    found = rows.filter(public_id=match_id, **was_on_sale).first()
    if found is None:
        raise NotFound
    return found


def may_answer(user: Visitor, match: Match) -> bool:
    """Whether the user owns the later text."""
    edition = match.text.edition
    return isinstance(user, User) and edition is not None and permissions.may_publish(user, edition.work)
