"""Publishing in spite of a remark: who may, what for, and what never."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from common.errors import NotAllowed, NotFound
from conversion import rules
from publishing import errors, selectors, services
from publishing.models import EditionState, FindingOverride
from tests.factories.accounts import make_author, make_moderator
from tests.factories.conversion import make_finding
from tests.factories.publishing import (
    make_contributor,
    make_edition,
    make_manuscript,
    make_published_edition,
    make_work,
)

pytestmark = pytest.mark.django_db

REASON = "The long line is a specimen and may be cut."
CUT = "page.text-cut"
LOST = "epub.words-lost"


@pytest.fixture
def edition(owner):
    edition = make_edition(work=make_work(owner=owner))
    for page in ("104", "107"):
        make_finding(edition.job, code=CUT, severity="blocker", facts={"page": page, "places": 2})
    return edition


def decide(owner, edition, noon, code=CUT, reason=REASON):
    return services.override_finding(actor=owner, edition=edition, code=code, reason=reason, at=noon)


class TestOverrideFinding:
    def test_lets_the_edition_be_published_and_says_who_why_and_when(self, owner, edition, noon):
        with pytest.raises(errors.EditionNotReady, match="cut off"):
            services.publish_edition(actor=owner, edition=edition, at=noon)
        override = decide(owner, edition, noon, reason=f"  {REASON}\n")
        assert (override.code, override.reason, override.decided_by, override.decided_at) == (CUT, REASON, owner, noon)
        entry = AuditEntry.objects.get(verb="finding.overridden")
        assert entry.facts == {"code": CUT, "number": 1}, "the reason may hold names and stays out of the log"
        assert services.publish_edition(actor=owner, edition=edition, at=noon).state == EditionState.PUBLISHED

    def test_a_second_reason_takes_the_place_of_the_first(self, owner, edition, noon):
        decide(owner, edition, noon)
        decide(owner, edition, noon, reason="It is a picture made of letters.")
        assert FindingOverride.objects.get().reason == "It is a picture made of letters."

    def test_is_for_this_edition_alone(self, owner, edition, noon):
        decide(owner, edition, noon)
        services.publish_edition(actor=owner, edition=edition, at=noon)
        second = make_edition(work=edition.work)
        make_finding(second.job, code=CUT, severity="blocker")
        assert [blocker.code for blocker in selectors.open_blockers(second)] == [CUT]

    def test_outlives_new_files_and_not_a_new_manuscript(self, owner, edition, noon, sent):
        decide(owner, edition, noon)
        services.choose_design(actor=owner, work=edition.work, design="modern", at=noon)
        assert FindingOverride.objects.count() == 1
        services.prepare_edition(actor=owner, manuscript=make_manuscript(edition.work), at=noon)
        assert not FindingOverride.objects.exists()

    def test_refuses_a_reason_that_says_nothing(self, owner, edition, noon):
        with pytest.raises(errors.ReasonTooShort):
            decide(owner, edition, noon, reason="ok" + " " * 40)

    def test_refuses_what_is_no_matter_of_taste(self, owner, edition, noon):
        make_finding(edition.job, code=LOST, severity="blocker", facts={"words": 3, "paragraphs": 1})
        with pytest.raises(errors.OverrideRefused):
            decide(owner, edition, noon, code=LOST)
        assert not FindingOverride.objects.exists()

    def test_refuses_what_does_not_block(self, owner, edition, noon):
        make_finding(edition.job, code="page.hyphens", severity="info")
        with pytest.raises(errors.NothingToOverride):
            decide(owner, edition, noon, code="page.hyphens")

    def test_refuses_an_edition_on_sale(self, owner, noon):
        edition = make_published_edition(owner=owner, announce=False)
        with pytest.raises(errors.NothingToOverride):
            decide(owner, edition, noon)

    def test_refuses_whoever_may_not_publish(self, edition, noon):
        editor, stranger = make_author(), make_author()
        make_contributor(edition.work, user=editor, role="edt")
        for who, refusal in ((editor, NotAllowed), (stranger, NotFound), (make_moderator(), NotAllowed)):
            with pytest.raises(refusal):
                decide(who, edition, noon)

    def test_a_rule_made_stricter_later_blocks_again(self, owner, edition, noon, monkeypatch):
        decide(owner, edition, noon)
        monkeypatch.setattr(rules, "may_override", lambda code: False)
        with pytest.raises(errors.EditionNotReady, match="cut off"):
            services.publish_edition(actor=owner, edition=edition, at=noon)


class TestTakeOverrideBack:
    def test_blocks_again(self, owner, edition, noon):
        decide(owner, edition, noon)
        services.withdraw_override(actor=owner, edition=edition, code=CUT)
        assert selectors.open_blockers(edition)
        assert AuditEntry.objects.filter(verb="finding.override_taken_back").count() == 1

    def test_refuses_where_there_is_none(self, owner, edition):
        with pytest.raises(errors.NothingToOverride):
            services.withdraw_override(actor=owner, edition=edition, code=CUT)

    def test_refuses_a_stranger(self, owner, edition, noon, stranger):
        decide(owner, edition, noon)
        with pytest.raises(NotFound):
            services.withdraw_override(actor=stranger, edition=edition, code=CUT)


class TestBlockersOf:
    def test_gathers_places_of_a_code(self, edition):
        (blocker,) = selectors.blockers_of(edition)
        assert (blocker.places, blocker.is_overridable, blocker.is_open) == (2, True, True)

    def test_is_empty_for_smaller_remarks(self, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(edition.job, severity="problem")
        assert selectors.blockers_of(edition) == []
