"""Hooks that let higher-level apps react to publishing.

They register what to do when an edition goes on sale, changes while on sale or is taken off sale, which checks a price
must pass, and what people may do with a text besides a work's makers. They hold the corrections of a work's text, and
files that drafts share with them, and add to the desk's first page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from django.utils.safestring import mark_safe

from accounts.models import User
from accounts.requests import PersonRequest
from common.money import Money
from conversion.options import Corrections
from publishing.models import Edition, Manuscript, Series, SplitShare, Work


@dataclass(frozen=True, slots=True)
class PlaceFixes:
    """How many places of a text each fix would correct and has corrected, by code. Not ready before the text was read
    for it."""

    is_ready: bool = False
    proposed: Mapping[str, int] = field(default_factory=dict)
    accepted: Mapping[str, int] = field(default_factory=dict)


class TextRight(StrEnum):
    """What somebody who did not make a work may do with its text, because the owner invited them."""

    READ = "read"
    COMMENT = "comment"
    SUGGEST = "suggest"
    EDIT = "edit"
    RELEASE = "release"  # put new editions on sale, at the owner's prices


type EditionHandler = Callable[[Edition], None]
type PriceCheck = Callable[[Work, Money], None]
type WorkHandler = Callable[[Work], None]
type SeriesHandler = Callable[[Series], None]
type CaseFinder = Callable[[User, Work], str]
type DigestFinder = Callable[[Work], str]
type CorrectionsFinder = Callable[[Manuscript], Corrections]
type FixesFinder = Callable[[Work], PlaceFixes]
type FileCheck = Callable[[str], bool]
type JobKeeper = Callable[[Collection[int]], set[int]]
type NewsHandler = Callable[[Work, datetime], None]
type RightsFinder = Callable[[User, Work], Collection[TextRight]]
type SumsFinder = Callable[[Sequence[SplitShare]], Collection[str]]
type PromiseFinder = Callable[[User, Work], int]
type DeskPanel = Callable[[PersonRequest], str]
type ReturnCheck = Callable[[Work, Edition | None, date | None], bool]

_listed: list[EditionHandler] = []
_withdrawn: list[EditionHandler] = []
_deleted: list[WorkHandler] = []
_price_checks: list[PriceCheck] = []
_series_priced: list[SeriesHandler] = []
_case_finders: list[CaseFinder] = []
_digest_finders: list[DigestFinder] = []
_corrections_finders: list[CorrectionsFinder] = []
_fixes_finders: list[FixesFinder] = []
_file_checks: list[FileCheck] = []
_job_keepers: list[JobKeeper] = []
_news_handlers: list[NewsHandler] = []
_rights_finders: list[RightsFinder] = []
_sums_finders: list[SumsFinder] = []
_promise_finders: list[PromiseFinder] = []
_return_checks: list[ReturnCheck] = []
_desk_panels: list[DeskPanel] = []


def when_listed(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that publishes an edition or changes a published one's details."""
    _listed.append(handler)
    return handler


def when_withdrawn(handler: EditionHandler) -> EditionHandler:
    """Call `handler(edition)` in the transaction that takes an edition off sale."""
    _withdrawn.append(handler)
    return handler


def notify_listed(edition: Edition) -> None:
    for handler in _listed:
        handler(edition)


def notify_withdrawn(edition: Edition) -> None:
    for handler in _withdrawn:
        handler(edition)


def before_deleting(handler: WorkHandler) -> WorkHandler:
    """Call `handler(work)` in the transaction that deletes a work which was never on sale, before its rows go."""
    _deleted.append(handler)
    return handler


def notify_deleted(work: Work) -> None:
    for handler in _deleted:
        handler(work)


def when_series_priced(handler: SeriesHandler) -> SeriesHandler:
    """Call `handler(series)` in the transaction that sets the discount for completing the series."""
    _series_priced.append(handler)
    return handler


def notify_series_priced(series: Series) -> None:
    for handler in _series_priced:
        handler(series)


def add_price_check(check: PriceCheck) -> PriceCheck:
    """Call `check(work, list_price)` before a price above 0 is set; the check rejects it by raising a DomainError."""
    _price_checks.append(check)
    return check


def check_price(work: Work, list_price: Money) -> None:
    for check in _price_checks:
        check(work, list_price)


def add_case_finder(finder: CaseFinder) -> CaseFinder:
    """Ask `finder(user, work)` for the public id of the open case that this moderator may decide on the work, or ""."""
    _case_finders.append(finder)
    return finder


def open_case(user: User, work: Work) -> str:
    return next(filter(None, (find(user, work) for find in _case_finders)), "")


def find_corrections(*, digest: DigestFinder, corrections: CorrectionsFinder) -> None:
    """Ask for the corrections of a work when its files are made; for their digest, when files are compared."""
    _digest_finders.append(digest)
    _corrections_finders.append(corrections)


def corrections_digest(work: Work) -> str:
    """Return the digest of the corrections that the work's files should contain; "" for none."""
    return next((digest for find in _digest_finders if (digest := find(work))), "")


def corrections_of(manuscript: Manuscript) -> Corrections:
    """Return the corrections for the files that are made of the manuscript next."""
    return next((found for find in _corrections_finders if (found := find(manuscript))), Corrections())


def find_fixes(finder: FixesFinder) -> FixesFinder:
    """Ask `finder(work)` what fixes would correct in the work's text, place by place, and have corrected."""
    _fixes_finders.append(finder)
    return finder


def place_fixes(work: Work) -> PlaceFixes:
    return next((find(work) for find in _fixes_finders), PlaceFixes())


def when_file_is_dropped(check: FileCheck) -> FileCheck:
    """Ask `check(name)` whether a stored file is still in use, before it is deleted with a draft."""
    _file_checks.append(check)
    return check


def is_file_in_use(name: str) -> bool:
    return any(check(name) for check in _file_checks)


def keep_jobs(keeper: JobKeeper) -> JobKeeper:
    """Ask `keeper(jobs)` which of these jobs (primary keys) have readers, before they are deleted with a draft."""
    _job_keepers.append(keeper)
    return keeper


def jobs_in_use(jobs: Collection[int]) -> set[int]:
    return set().union(*(keep(jobs) for keep in _job_keepers))


def when_text_has_news(handler: NewsHandler) -> NewsHandler:
    """Call `handler(work, at)` in the transaction in which somebody suggests or says something about a text."""
    _news_handlers.append(handler)
    return handler


def notify_text_news(work: Work, at: datetime) -> None:
    for handler in _news_handlers:
        handler(work, at)


def add_text_rights(finder: RightsFinder) -> RightsFinder:
    """Ask `finder(user, work)` what the person may do with the text, beside what makers and staff may."""
    _rights_finders.append(finder)
    return finder


def text_rights(user: User, work: Work) -> frozenset[TextRight]:
    return frozenset(right for find in _rights_finders for right in find(user, work))


def find_reached_sums(finder: SumsFinder) -> SumsFinder:
    """Ask `finder(shares)` for the references of shares that have brought the sum they end at."""
    _sums_finders.append(finder)
    return finder


def reached_sums(shares: Sequence[SplitShare]) -> frozenset[str]:
    return frozenset(reference for find in _sums_finders for reference in find(shares)) if shares else frozenset()


def find_promised_shares(finder: PromiseFinder) -> PromiseFinder:
    """Ask `finder(user, work)` how many basis points of their own share a person has promised to others."""
    _promise_finders.append(finder)
    return finder


def promised_bps(user: User, work: Work) -> int:
    return sum(find(user, work) for find in _promise_finders)


def before_returning(check: ReturnCheck) -> ReturnCheck:
    """Ask `check(work, edition, release_date)` before the end of a hold puts a work on sale or announces it again.
    False keeps it off sale; the check may note what would have returned."""
    _return_checks.append(check)
    return check


def may_return(work: Work, edition: Edition | None, release_date: date | None) -> bool:
    return all(check(work, edition, release_date) for check in _return_checks)


def show_on_desk(panel: DeskPanel) -> DeskPanel:
    """Show the HTML that `panel(request)` returns above a person's works; "" for nothing."""
    _desk_panels.append(panel)
    return panel


def desk_panels(request: PersonRequest) -> str:
    return mark_safe("".join(panel(request) for panel in _desk_panels))
