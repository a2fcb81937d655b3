"""Who else has the prints of a text: the texts to compare it with, and the texts that belong to nobody.

*Free first.* A print is free if a reference text has it, or if the text that had it first may be published by anybody.
Free prints are taken away before texts to compare with are chosen, so the 300th edition of a classic is compared with
no other. The text that had it *first*: a copy that somebody declares free makes nothing free that another book had
before. And its declaration counts only while it is on sale, once it has had the words for 30 days, by an account that
is 90 days old, so that a text from elsewhere is not washed at once by an upload that calls it free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from publishing.models import Contributor, EditionState
from publishing.passages import hooks
from publishing.passages.models import Match, PassagePrint, PrintedText
from publishing.passages.selectors.prints import chunks
from publishing.record.licences import FREE_TO_PUBLISH

_HAD_FOR = timedelta(days=30)
_ACCOUNT_AGE = timedelta(days=90)
_LEAST_SHARED = 3
_MOST_COMPARED = 20
_MANY_ACCOUNTS = 5


@dataclass(slots=True)
class Holders:
    """What others have of a text's prints. `common` are the prints of more than five accounts."""

    to_compare: list[PrintedText] = field(default_factory=list)
    free: list[PrintedText] = field(default_factory=list)
    common: frozenset[int] = frozenset()
    mine: dict[int, datetime] = field(default_factory=dict)
    theirs: dict[int, dict[int, datetime]] = field(default_factory=dict)  # by text

    def had_first(self, one: PrintedText, other: PrintedText) -> bool:
        """Return whether `one` had most of the prints that both have before `other` did."""
        first, second = self._of(one), self._of(other)
        shared = first.keys() & second.keys()
        earlier = sum(first[print_] < second[print_] for print_ in shared)
        later = sum(first[print_] > second[print_] for print_ in shared)
        return earlier > later or (earlier == later and one.pk < other.pk)

    def free_for(self, earlier: PrintedText) -> list[PrintedText]:
        """Return the free texts that may take words away from what `earlier` had."""
        return [text for text in self.free if text.edition is None or self.had_first(text, earlier)]

    def _of(self, text: PrintedText) -> dict[int, datetime]:
        return self.theirs.get(text.pk, self.mine)


def holders_of(text: PrintedText, at: datetime) -> Holders:
    """Return who else has the prints of an edition's text."""
    found = Holders(mine=dict(text.prints.values_list("hash", "since")))
    theirs = dates_elsewhere(text.pk, found.mine)
    matched = _matched_with(text)
    others = {pk: one for pk, one in _texts({*theirs, *matched}).items() if not _is_of_same_work(one, text)}
    found.theirs = {pk: theirs.get(pk, {}) for pk in others}
    believed = {pk for pk, one in others.items() if _is_believed(one, found.theirs[pk], at)}
    free_prints = _free_prints(found, text, others, believed)
    free_counts = {pk: len(found.theirs[pk].keys() & free_prints) for pk in believed}
    most_first = sorted((pk for pk in believed if free_counts[pk]), key=lambda pk: (-free_counts[pk], pk))
    found.free = [others[pk] for pk in most_first[:_MOST_COMPARED]]
    found.common = _common_prints(found, others, text)
    counts = {pk: len(dates.keys() - free_prints) for pk, dates in found.theirs.items()}
    found.to_compare = _to_compare(text, others, counts, matched)
    return found


def dates_elsewhere(text_id: int, hashes: Iterable[int]) -> dict[int, dict[int, datetime]]:
    """Return since when texts other than this one have had these prints."""
    theirs: dict[int, dict[int, datetime]] = defaultdict(dict)
    for some in chunks(sorted(hashes)):
        rows = PassagePrint.objects.filter(hash__in=some).values_list("text", "hash", "since")
        for other_id, print_, since in rows:
            theirs[other_id][print_] = since
    theirs.pop(text_id, None)
    return theirs


def _to_compare(
    text: PrintedText, others: dict[int, PrintedText], counts: dict[int, int], matched: set[int]
) -> list[PrintedText]:
    """Return those with which the text shares enough prints that are not free, and those it was matched with."""
    related = _related_works(text, others.values())
    wanted = [
        one
        for pk, one in others.items()
        if (counts[pk] >= _LEAST_SHARED or pk in matched) and one.edition and one.edition.work_id not in related
    ]
    wanted.sort(key=lambda one: (one.pk not in matched, -counts[one.pk], one.pk))
    return wanted[: max(_MOST_COMPARED, len(matched))]


def _is_believed(text: PrintedText, dates: Mapping[int, datetime], at: datetime) -> bool:
    """Return whether a text's declaration that it is free makes these prints free for others."""
    edition = text.edition
    if edition is None:
        return True
    return (
        may_anybody_publish(text)
        and edition.state == EditionState.PUBLISHED
        and min(dates.values(), default=at) <= at - _HAD_FOR
        and edition.work.owner.joined_at <= at - _ACCOUNT_AGE
        and not edition.work.held_by
    )


def may_anybody_publish(text: PrintedText) -> bool:
    """Return whether its owner declares the text to be in the public domain, or under a licence to publish it."""
    return text.edition is None or text.edition.work.licence in FREE_TO_PUBLISH


def _texts(ids: Iterable[int]) -> dict[int, PrintedText]:
    rows = PrintedText.objects.select_related("edition__work__owner", "edition__job")
    return rows.in_bulk(list(ids))


def _matched_with(text: PrintedText) -> set[int]:
    """Return the texts that have been found to share passages with this one, in either direction."""
    later = Match.objects.filter(text=text).values_list("other", flat=True)
    return {*later, *Match.objects.filter(other=text).values_list("text", flat=True)}


def _is_of_same_work(one: PrintedText, text: PrintedText) -> bool:
    return one.edition is not None and text.edition is not None and one.edition.work_id == text.edition.work_id


def _free_prints(
    found: Holders, text: PrintedText, others: dict[int, PrintedText], believed: Collection[int]
) -> set[int]:
    """Return the prints of the text that belong to nobody."""
    free: set[int] = set()
    first = {print_: (since, text.pk) for print_, since in found.mine.items()}
    for pk, dates in found.theirs.items():
        if others[pk].edition is None:
            free.update(dates)
        for print_, since in dates.items():
            first[print_] = min(first[print_], (since, pk))
    return free | {print_ for print_, (_since, pk) in first.items() if pk in believed}


def _common_prints(found: Holders, others: dict[int, PrintedText], text: PrintedText) -> frozenset[int]:
    """Return the prints that texts of many accounts have."""
    owner = text.edition.work.owner_id if text.edition is not None else None
    accounts: dict[int, set[int | None]] = defaultdict(lambda: {owner})
    for pk, dates in found.theirs.items():
        edition = others[pk].edition
        if edition is not None:
            for print_ in dates:
                accounts[print_].add(edition.work.owner_id)
    return frozenset(print_ for print_, owners in accounts.items() if len(owners) > _MANY_ACCOUNTS)


def _related_works(text: PrintedText, others: Iterable[PrintedText]) -> set[int]:
    """Return the works that share an account with the text's, hired ones included, or whose owner permits its use."""
    if text.edition is None:
        return set()
    work = text.edition.work
    works = {one.edition.work_id: one.edition.work for one in others if one.edition is not None}
    people: dict[int, set[int | None]] = defaultdict(set)
    for work_id, *ids in Contributor.objects.filter(work__in=[work.pk, *works]).values_list("work", "user", "left"):
        people[work_id].update(ids)
    mine = (people[work.pk] | {work.owner_id}) - {None}
    return {pk for pk, one in works.items() if mine & (people[pk] | {one.owner_id}) or hooks.is_permitted(work, one)}
