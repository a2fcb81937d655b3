"""Reads warnings, suspensions and endings, and counts what the published rules ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.restrictions import Activity, Restriction
from common.errors import NotFound
from storefront.community.models import AppealOutcome, CaseOutcome, Report, Reported, ReviewCase
from storefront.community.models.case import RULES_OF_LAW
from storefront.suspensions.models import AccountEnding, PriorWarning, Suspension, Unfounded
from storefront.suspensions.rules import NUMBERS, PERIOD, Numbers, SuspensionRule, rules_of

# What somebody publishes, as against what they say in messages, reviews and on shelves.
PUBLISHED = (
    Reported.BOOK,
    Reported.OFFER,
    Reported.NEWSLETTER,
    Reported.IN_PROGRESS,
    Reported.ADVANCE_COPIES,
)
# What they say to others: reviews and replies are in cases without a kind.
WRITTEN = ("", Reported.SHELF, Reported.MESSAGE, Reported.CONTRACT_REVIEW)
KINDS: dict[Activity, tuple[str, ...]] = {Activity.CONTENT: PUBLISHED, Activity.POSTING: WRITTEN}


# ---------------------------------------------------------------- what is forbidden now


def restrictions_of(user: User, at: datetime) -> Iterator[Restriction]:
    """Yield what the person may not do at that moment."""
    for one in Suspension.objects.active(at).filter(person=user):
        yield Restriction(Activity(one.activity), one.last_day)
    if AccountEnding.objects.in_effect().filter(person=user).exists():
        yield Restriction(Activity.CONTENT, None)


def restricted_people(activity: Activity, at: datetime) -> QuerySet[User]:
    """Return the people who may not do this at that moment."""
    found = Q(pk__in=Suspension.objects.active(at).filter(activity=activity).values("person"))
    if activity == Activity.CONTENT:
        found |= Q(pk__in=AccountEnding.objects.in_effect().values("person"))
    return User.objects.filter(found)


# ---------------------------------------------------------------- grounds


@dataclass(frozen=True, slots=True)
class Grounds:
    """What counts for one rule now. `sent_in` is how many reports or complaints of the person were decided."""

    numbers: Numbers
    cases: list[ReviewCase]
    unfounded: list[Unfounded]
    sent_in: int = 0

    @property
    def count(self) -> int:
        return len(self.cases) + len(self.unfounded)

    @property
    def is_enough(self) -> bool:
        share = self.count * 100 >= self.sent_in * self.numbers.share_percent
        return self.count >= self.numbers.count and share

    @property
    def newest_at(self) -> datetime | None:
        """Return when the newest of them was decided."""
        decided = [case.decided_at for case in self.cases if case.decided_at] + [one.made_at for one in self.unfounded]
        return max(decided, default=None)

    @property
    def about(self) -> list[ReviewCase]:
        """Return the cases that they are about."""
        return self.cases + [one.case for one in self.unfounded if one.case is not None]


def grounds_of(person: User, rule: SuspensionRule, at: datetime) -> Grounds:
    """Return what counts for the rule: decisions in force, and findings that no complaint has refuted."""
    numbers = NUMBERS[rule]
    if numbers.activity in KINDS:
        cases = _decided_about(person, KINDS[numbers.activity], at)
        return Grounds(
            numbers, list(cases.filter(rule__in=RULES_OF_LAW) if rule == SuspensionRule.ILLEGAL else cases), []
        )
    found = standing_findings().filter(person=person, activity=numbers.activity, made_at__gt=at - PERIOD)
    found = found.select_related("report__case__work", "report__case__shelf", "appeal_of__work", "appeal_of__shelf")
    return Grounds(numbers, [], list(found), _sent_in(person, numbers.activity, at))


def standing_findings() -> QuerySet[Unfounded]:
    """Return the findings that count: none of a report about which a complaint was right."""
    upheld = Report.objects.filter(complaint_on=OuterRef("report"), case__decided_at__isnull=False)
    upheld = upheld.exclude(case__outcome=CaseOutcome.KEEP).exclude(case__appeal_outcome=AppealOutcome.OVERTURNED)
    return Unfounded.objects.exclude(Exists(upheld))


def standing_count(suspension: Suspension) -> int:
    """Return how many of the suspension's own grounds still stand. What its owner has mended since stays one."""
    cases = suspension.cases.exclude(appeal_outcome=AppealOutcome.OVERTURNED).count()
    return cases + standing_findings().filter(pk__in=suspension.unfounded.values("pk")).count()


def _decided_about(person: User, kinds: tuple[str, ...], at: datetime) -> QuerySet[ReviewCase]:
    rows = ReviewCase.objects.in_force().filter(writer=person, reported__in=kinds, decided_at__gt=at - PERIOD)
    return rows.exclude(outcome__in=["", CaseOutcome.KEEP]).select_related("work", "shelf").order_by("decided_at", "pk")


def _sent_in(person: User, activity: Activity, at: datetime) -> int:
    mine = Report.objects.filter(user=person, case__decided_at__gt=at - PERIOD)
    if activity == Activity.NOTICES:
        return mine.filter(complaint_on=None).count()
    appeals = ReviewCase.objects.filter(writer=person, appeal_decided_at__gt=at - PERIOD)
    return mine.exclude(complaint_on=None).count() + appeals.count()


# ---------------------------------------------------------------- warnings and suspensions


def warning_in_force(person: User, activity: Activity, at: datetime) -> PriorWarning | None:
    """Return the newest warning of the last twelve months, told or not."""
    return PriorWarning.objects.filter(person=person, activity=activity, made_at__gt=at - PERIOD).first()


def earlier_suspensions(person: User, activity: Activity) -> int:
    """Return how often this was suspended for the person before; what an appeal has overturned does not count."""
    rows = Suspension.objects.filter(person=person, activity=activity)
    return rows.exclude(appeal_outcome=AppealOutcome.OVERTURNED).count()


def suspension_of(suspension_id: str) -> Suspension:
    """Return the suspension with this public id. Raises NotFound."""
    rows = Suspension.objects.select_related("person", "warning", "decided_by", "lifted_by", "appeal_decided_by")
    found = rows.filter(public_id=suspension_id).first()
    if found is None:
        raise NotFound
    return found


def ending_of(ending_id: str) -> AccountEnding:
    """Return the end of an account with this public id. Raises NotFound."""
    rows = AccountEnding.objects.select_related(
        "person", "proposed_by", "confirmed_by", "lifted_by", "appeal_decided_by"
    )
    found = rows.filter(public_id=ending_id).first()
    if found is None:
        raise NotFound
    return found


def person_of(user_id: str) -> User:
    """Return the person with this public id, unless they have left. Raises NotFound."""
    found = User.objects.filter(public_id=user_id, is_guest=False).first()
    if found is None or found.is_erased:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of one person, the newest first."""

    warnings: list[PriorWarning]
    suspensions: list[Suspension]
    endings: list[AccountEnding]
    unfounded: list[Unfounded]

    @property
    def is_empty(self) -> bool:
        return not (self.warnings or self.suspensions or self.endings or self.unfounded)


def record_of(person: User, *, is_own: bool) -> Record:
    """Return the person's warnings, suspensions and endings; their own without what nobody has confirmed yet."""
    endings = AccountEnding.objects.filter(person=person)
    found = Unfounded.objects.filter(person=person)
    about = ("report__case__work", "report__case__shelf", "appeal_of__work", "appeal_of__shelf")
    return Record(
        warnings=list(PriorWarning.objects.filter(person=person).prefetch_related(*_GROUNDS)),
        suspensions=list(Suspension.objects.filter(person=person)),
        endings=list(endings.filter(confirmed_at__isnull=False) if is_own else endings),
        unfounded=list(found.select_related(*about)),
    )


_GROUNDS = ("cases__work", "cases__shelf", "unfounded__report__case__work", "unfounded__appeal_of__work")


def rules_for(activity: Activity, person: User, at: datetime) -> list[Grounds]:
    """Return what counts for each rule of this kind."""
    return [grounds_of(person, rule, at) for rule in rules_of(activity)]


# ---------------------------------------------------------------- emails


def warnings_to_mail() -> QuerySet[PriorWarning]:
    return PriorWarning.objects.filter(told_at=None, person__deletion__done_at=None)


def suspensions_to_mail() -> QuerySet[Suspension]:
    """Return suspensions about which the person has not been told something yet."""
    return Suspension.objects.filter(_untold(), person__deletion__done_at=None)


def endings_to_mail() -> QuerySet[AccountEnding]:
    """Return confirmed endings about which the person has not been told something yet."""
    confirmed = AccountEnding.objects.filter(confirmed_at__isnull=False)
    return confirmed.filter(_untold(), person__deletion__done_at=None)


def _untold() -> Q:
    appealed = Q(appeal_decided_at__isnull=False, appeal_told_at=None)
    lifted = Q(lifted_at__isnull=False, lift_told_at=None)
    return Q(told_at=None) | appealed | lifted
