"""Who decides a claim by what, how it stands among the other cases, and what follows from dismissed claims."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from common import clock
from common.errors import DomainError
from storefront.claims.errors import AppealStillOpen, NotYourClaim, WordsMissing
from storefront.claims.models import Claim, ConductNotice, HoldState, NoticeKind, Outcome, Side
from storefront.claims.selectors import conduct as conduct_selectors
from storefront.claims.services import answers, conduct, decisions, emails, holds
from storefront.community import permissions as community_permissions
from storefront.community.errors import EvidenceMissing, ReasonMissing, SubjectTextChanged
from storefront.community.models import CaseOutcome, CaseState, ReviewCase
from storefront.community.selectors import cases
from tests.conftest import NOON
from tests.conversion.passages.texts import drawn_words
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.claims import (
    EVIDENCE,
    REASON,
    answer,
    appeal,
    decide,
    decide_appeal,
    dismissed,
    file_copied,
    file_found,
    known,
    mail_all,
    make_copy,
    make_deciding,
    make_sold,
    seen,
)

pytestmark = pytest.mark.django_db
WORDS = drawn_words(2000, 81)


@pytest.fixture
def claim() -> Claim:
    """Upheld, so that a moderator decides it: of a known claimant, held at once."""
    return make_deciding(file_found(make_copy(earlier=known(make_author()))))


def make_moderator_of(user: User) -> User:
    user.is_moderator = True
    user.save()
    return user


class TestDecide:
    def test_is_a_case_among_others(self, claim: Claim) -> None:
        assert claim.case in cases.cases_by()
        decide(claim)
        case = ReviewCase.objects.get()
        assert (case.outcome, case.rule, case.evidence, case.reason) == ("upheld", "copyright", EVIDENCE, REASON)
        assert case in cases.decided_cases()

    def test_without_a_passage_it_is_dismissed(self, claim: Claim) -> None:
        assert decide(claim, won=()).case.outcome == CaseOutcome.KEEP

    @pytest.mark.parametrize("role", ["owner", "claimant"])
    def test_not_by_the_sides(self, claim: Claim, role: str) -> None:
        side = claim.work.owner if role == "owner" else claim.user
        assert side is not None
        with pytest.raises(NotYourClaim):
            decide(claim, actor=make_moderator_of(side))

    def test_not_by_somebody_with_the_claimants_address(self) -> None:
        claim = file_copied(make_sold(WORDS).work, WORDS[:200], email="mo@example.org")
        assert not decisions.permissions.may_moderate(make_moderator(email="Mo@example.org"), claim)

    def test_not_by_members(self, claim: Claim) -> None:
        with pytest.raises(NotYourClaim):
            decide(claim, actor=make_reader())

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [({"evidence": " "}, EvidenceMissing), ({"reason": " "}, ReasonMissing), ({"seen": "x"}, SubjectTextChanged)],
    )
    def test_needs_grounds_and_what_was_read(
        self, claim: Claim, given: dict[str, str], refusal: type[DomainError]
    ) -> None:
        says = {"evidence": EVIDENCE, "reason": REASON, "seen": seen(claim), **given}
        with pytest.raises(refusal):
            decisions.decide(actor=make_moderator(), claim=claim, won=[0], at=clock.now(), **says)
        assert Claim.objects.get().decided_at is None

    def test_upholding_holds_what_nobody_had_looked_at(self) -> None:
        claim = file_found(make_copy())
        assert claim.hold.state == HoldState.LOOK
        assert decide(make_deciding(claim)).hold.state == HoldState.HELD

    def test_the_author_has_no_other_way_to_appeal(self, claim: Claim) -> None:
        """Not the six months of other cases: then the money would have moved."""
        decide(claim)
        case = ReviewCase.objects.get()
        assert not community_permissions.may_appeal(claim.work.owner, case, clock.now())
        assert not community_permissions.may_see_case(claim.work.owner, case)
        assert not community_permissions.may_stop(make_moderator(), case)
        assert not cases.cases_to_mail().exists()


class TestAppeal:
    def test_somebody_else_decides(self, claim: Claim) -> None:
        first = make_moderator()
        mail_all(decide(claim, actor=first))
        appeal(claim, Side.AUTHOR)
        with pytest.raises(NotYourClaim):
            decide_appeal(claim, won=[], actor=first)
        ended = decide_appeal(claim, won=[], actor=make_operator())
        assert (ended.outcome, ReviewCase.objects.get().appeal_outcome) == (Outcome.DISMISSED, "overturned")

    def test_of_a_dismissal_by_the_claimant(self, claim: Claim) -> None:
        mail_all(decide(claim, won=()))
        with pytest.raises(DomainError):
            appeal(claim, Side.AUTHOR)
        appeal(claim, Side.CLAIMANT)
        assert decide_appeal(claim, won=[0]).outcome == Outcome.UPHELD

    def test_waits_for_the_other_sides_time_where_both_have_lost_something(self) -> None:
        claim = make_deciding(file_copied(make_sold(WORDS).work, [*WORDS[:99], *WORDS[900:999]], actor=make_reader()))
        mail_all(decide(claim, won=[1]))
        appeal(claim, Side.AUTHOR)
        with pytest.raises(AppealStillOpen):
            decide_appeal(claim, won=[], at=clock.now() + timedelta(days=13))
        appeal(claim, Side.CLAIMANT, at=clock.now() + timedelta(days=13))
        ended = decide_appeal(claim, won=[1], at=clock.now() + timedelta(days=13))
        assert (ended.outcome, ReviewCase.objects.get().appeal_outcome) == (Outcome.UPHELD, "upheld")

    def test_once(self, claim: Claim) -> None:
        mail_all(decide(claim))
        appeal(claim, Side.AUTHOR)
        with pytest.raises(DomainError):
            appeal(claim, Side.AUTHOR)

    def test_needs_words(self, claim: Claim) -> None:
        decide(claim)
        with pytest.raises(WordsMissing):
            decisions.appeal(actor=None, claim=claim, side=Side.AUTHOR, words=" ", at=clock.now())


def test_a_withdrawn_claim_closes_its_case(claim: Claim) -> None:
    answers.withdraw(claim=claim, at=clock.now())
    assert ReviewCase.objects.get().state == CaseState.CLOSED
    assert ReviewCase.objects.get() not in cases.cases_by()


class TestConduct:
    """Two dismissed within a year: a warning and a look; three: no claims for 90 days."""

    def make_dismissed(self, claimant: User, at) -> Claim:
        return dismissed(file_found(make_copy(earlier=claimant), at=at), at)

    def test_a_warning_then_a_suspension(self) -> None:
        claimant = known(make_author())
        self.make_dismissed(claimant, NOON)
        assert not ConductNotice.objects.exists()
        second = NOON + timedelta(days=30)
        self.make_dismissed(claimant, second)
        assert ConductNotice.objects.get().kind == NoticeKind.WARNING
        third = second + timedelta(days=30)
        claim = file_found(make_copy(earlier=claimant), at=third)
        assert claim.hold.state == HoldState.LOOK, "although the claimant is known, and the passages were found"
        dismissed(claim, third)
        notice = ConductNotice.objects.get(kind=NoticeKind.SUSPENSION)
        began = third + timedelta(days=14)
        assert notice.ends_at == began + timedelta(days=90)
        assert conduct_selectors.suspension_of(claimant, "", began) == notice
        assert conduct_selectors.suspension_of(claimant, "", began + timedelta(days=90)) is None
        for one in ConductNotice.objects.order_by("pk"):
            assert emails.mail_conduct(notice_id=one.pk, at=clock.now())
            assert not emails.mail_conduct(notice_id=one.pk, at=clock.now())
        assert [message.to for message in mail.outbox[-2:]] == [[claimant.email]] * 2
        assert "/claims/conduct/" in mail.outbox[-1].body

    @pytest.mark.parametrize("is_appealed", [False, True])
    def test_withdrawing_after_a_dismissal_does_not_undo_it(self, is_appealed: bool) -> None:
        claim = make_deciding(file_found(make_copy()))
        mail_all(decide(claim, won=()))
        if is_appealed:
            appeal(claim, Side.CLAIMANT)
        answers.withdraw(claim=claim, at=NOON)
        assert conduct_selectors.dismissed(claim.user, "", NOON) == [claim]
        assert ReviewCase.objects.get().state == CaseState.CLOSED

    def test_withdrawing_what_was_found_right_is_no_dismissal(self) -> None:
        claim = make_deciding(file_found(make_copy()))
        decide(claim)
        assert answers.withdraw(claim=claim, at=NOON).outcome == Outcome.WITHDRAWN
        assert conduct_selectors.dismissed(claim.user, "", NOON) == []

    def test_those_of_more_than_a_year_ago_do_not_count(self) -> None:
        claimant = known(make_author())
        self.make_dismissed(claimant, NOON)
        self.make_dismissed(claimant, NOON + timedelta(days=366))
        assert not ConductNotice.objects.exists()

    def test_no_suspension_without_a_warning_before(self) -> None:
        claimant = known(make_author())
        claims = [file_found(make_copy(earlier=claimant)) for _ in range(2)]
        for claim in claims:
            dismissed(claim, NOON)
        ConductNotice.objects.all().delete()
        self.make_dismissed(claimant, NOON)
        assert ConductNotice.objects.get().kind == NoticeKind.WARNING

    @pytest.fixture
    def suspension(self) -> ConductNotice:
        claim = dismissed(file_found(make_copy()))
        notice = ConductNotice.objects.create(
            kind=NoticeKind.SUSPENSION, user=claim.user, made_at=NOON, ends_at=NOON + timedelta(days=90)
        )
        notice.claims.add(claim)
        return notice

    @pytest.mark.parametrize("is_lifted", [True, False])
    def test_somebody_who_dismissed_none_of_them_decides_the_appeal(
        self, suspension: ConductNotice, is_lifted: bool
    ) -> None:
        conduct.appeal(notice=suspension, words="They were mine.", at=NOON)
        given = {"notice": suspension, "is_lifted": is_lifted, "reason": REASON, "at": NOON}
        first = suspension.claims.get().case.decided_by
        for actor in (first, make_moderator_of(suspension.user), make_reader()):
            with pytest.raises(NotYourClaim):
                conduct.decide_appeal(actor=actor, **given)
        conduct.decide_appeal(actor=make_moderator(), **given)
        in_force = conduct_selectors.suspension_of(suspension.user, "", NOON)
        assert (in_force is None) == is_lifted
        with pytest.raises(DomainError):
            conduct.decide_appeal(actor=make_moderator(), **given)

    def test_appeals_once_and_while_it_lasts(self, suspension: ConductNotice) -> None:
        with pytest.raises(DomainError):
            conduct.appeal(notice=suspension, words="Mine.", at=NOON + timedelta(days=90))
        conduct.appeal(notice=suspension, words="Mine.", at=NOON)
        with pytest.raises(DomainError):
            conduct.appeal(notice=suspension, words="Mine.", at=NOON)


class TestLook:
    def test_says_why_and_tells_both(self) -> None:
        claim = file_found(make_copy())
        with pytest.raises(WordsMissing):
            holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=" ", at=NOON)
        holds.look(actor=make_moderator(), claim=claim, is_held=True, reason=REASON, at=NOON)
        mail.outbox.clear()
        mail_all(claim)
        told = {message.to[0]: message.body for message in mail.outbox if REASON in message.body}
        assert claim.work.owner.email in told
        with pytest.raises(DomainError):
            holds.look(actor=make_moderator(), claim=claim, is_held=False, reason=REASON, at=NOON)

    def test_may_find_nothing_to_hold(self) -> None:
        claim = answer(file_found(make_copy()))
        holds.look(actor=make_moderator(), claim=claim, is_held=False, reason=REASON, at=NOON)
        assert Claim.objects.get().hold.state == HoldState.REFUSED
