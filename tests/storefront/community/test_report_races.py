"""Two moderators, two readers, or a moderator and an author at once, on connections of their own."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from publishing import services as publishing_services
from publishing.errors import EditionAlreadyPublished, WorkTakenDown
from storefront.catalogue.models import Listing
from storefront.community.errors import CaseDecided, SubjectChanged
from storefront.community.models import AppealOutcome, CaseOutcome, ReportRule, ReviewCase
from tests.conftest import NOON
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.publishing import make_edition, make_published_edition
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import failures
from tests.storefront.community.reported import appeal, decide, decide_again, make_shelf, report, report_shelf, seen

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def test_eight_readers_open_one_case():
    work, shelf = make_published_edition().work, make_shelf()
    people = [make_reader() for _ in range(8)]
    assert failures(run_together(*[lambda who=who: report(work, who) for who in people])) == []
    assert failures(run_together(*[lambda who=who: report_shelf(shelf, who) for who in people])) == []
    assert sorted(case.reports.count() for case in ReviewCase.objects.all()) == [8, 8]


@pytest.mark.parametrize("other", [CaseOutcome.KEEP, CaseOutcome.OFF_SALE])
def test_two_moderators_decide_once(other):
    case = report(make_published_edition().work)
    version, people = seen(case), [make_moderator(), make_moderator()]
    outcomes = [CaseOutcome.OFF_SALE, other]
    results = run_together(
        *[
            lambda who=who, outcome=outcome: decide(case, outcome, actor=who, version=version)
            for who, outcome in zip(people, outcomes, strict=True)
        ]
    )
    (refused,) = failures(results)
    assert isinstance(refused, CaseDecided | SubjectChanged)
    case.refresh_from_db()
    assert AuditEntry.objects.filter(verb="review_case.decided").count() == 1
    assert Listing.objects.get().is_on_sale == (case.outcome == CaseOutcome.KEEP)


def test_two_moderators_decide_an_appeal_once():
    case = appeal(decide(report(make_published_edition().work)))
    calls = [
        lambda who=who, outcome=outcome: decide_again(case, outcome, who)
        for who, outcome in zip([make_moderator(), make_moderator()], AppealOutcome, strict=True)
    ]
    (refused,) = failures(run_together(*calls))
    assert isinstance(refused, CaseDecided | SubjectChanged)
    case.refresh_from_db()
    assert Listing.objects.get().is_on_sale == case.is_undone


def test_an_author_who_publishes_at_that_moment_has_it_off_sale():
    edition = make_published_edition()
    draft, case = make_edition(work=edition.work), report(edition.work)
    owner, moderator, version = edition.work.owner, make_moderator(), seen(case)
    calls = [
        lambda: publishing_services.publish_edition(actor=owner, edition=draft, at=NOON),
        lambda: decide(case, rule=ReportRule.STOLEN, actor=moderator, version=version),
    ]
    for problem in failures(run_together(*calls)):
        assert isinstance(problem, WorkTakenDown | EditionAlreadyPublished | SubjectChanged)
    case.refresh_from_db()
    # Whoever came second saw the other: the moderator another edition than they had read, or the author the decision.
    assert Listing.objects.get().is_on_sale == (not case.outcome)
