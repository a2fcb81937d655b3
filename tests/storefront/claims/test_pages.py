"""The pages of both sides and of moderators, from filing to the end; and what each shows to whom."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common import clock
from publishing.models import Work
from publishing.passages.services import texts
from storefront.claims.models import Claim, ConductNotice, HoldState, NoticeKind, Outcome
from storefront.claims.process import State
from storefront.claims.services import clock_runs, links
from tests.conversion.passages.texts import as_text, drawn_words
from tests.factories.accounts import make_author, make_moderator, make_operator, make_reader
from tests.factories.claims import (
    answer,
    decide,
    edition_of,
    file_copied,
    file_found,
    known,
    mail_all,
    make_copy,
    make_deciding,
    make_sold,
    original_of,
    seen,
)

pytestmark = pytest.mark.django_db
WORDS = drawn_words(2000, 81)
SAYS = {"authority": "author", "name": "Ann First", "good_faith": "on"}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def work_page(claim: Claim) -> str:
    return reverse("claims:work-claim", args=[claim.work.public_id, claim.public_id])


def claim_page(claim: Claim) -> str:
    return urlsplit(links.claim_link(claim)).path


class TestFiling:
    def test_of_found_passages(self) -> None:
        match = make_copy(earlier=known(make_author()))
        work, client = edition_of(match).work, logged_in(original_of(match).owner)
        report = text_of(client.get(reverse("community:book-report", args=[work.slug])))
        assert reverse("claims:file-copied", args=[work.slug]) in report
        first = text_of(client.get(reverse("claims:file-copied", args=[work.slug])))
        page = reverse("claims:file-found", args=[work.slug, match.public_id])
        assert page in first
        assert text_of(client.get(page)).count("checked") >= len(match.passages)
        assert client.post(page, SAYS).status_code == 422, "nothing ticked"
        response = client.post(page, {**SAYS, "passages": ["0"]}, follow=True)
        assert "Your claim is filed" in text_of(response)
        assert Claim.objects.get().hold.state == HoldState.HELD

    def test_the_link_stands_on_the_passages_of_the_earlier_book(self) -> None:
        match = make_copy()
        original, client = original_of(match), logged_in(original_of(match).owner)
        page = client.get(reverse("passages:match", args=[original.public_id, match.public_id]))
        assert reverse("claims:file-found", args=[edition_of(match).work.slug, match.public_id]) in text_of(page)
        later = logged_in(edition_of(match).work.owner)
        page = later.get(reverse("passages:match", args=[edition_of(match).work.public_id, match.public_id]))
        assert "Claim these passages" not in text_of(page)

    def test_a_match_of_somebody_else_is_not_there(self) -> None:
        match = make_copy()
        page = reverse("claims:file-found", args=[edition_of(match).work.slug, match.public_id])
        assert logged_in(make_author()).get(page).status_code == 404

    def test_of_copied_words_without_an_account(self, client: Client) -> None:
        book = make_sold(WORDS)
        page = reverse("claims:file-copied", args=[book.work.slug])
        given = {**SAYS, "original_title": "Lamps", "original_place": "2019", "email": "ann@example.org"}
        wrong = client.post(page, {**given, "passage_1": as_text(drawn_words(100, 5))})
        assert wrong.status_code == 422
        assert "do not stand in the book" in text_of(wrong)
        response = client.post(page, {**given, "passage_1": as_text(WORDS[:200])})
        assert response.url == reverse("claims:sent")
        claim = Claim.objects.get()
        mail_all(claim)
        link = re.search(r"/claims/status/\S+", mail.outbox[0].body)
        assert link is not None
        assert "does not count yet" in text_of(client.get(link[0]))
        client.post(link[0], {"confirm": "1"})
        assert Claim.objects.get().state == State.ANSWERING

    def test_free_words_are_refused_in_the_form_with_their_source(self, client: Client) -> None:
        page = reverse("claims:file-copied", args=[make_sold(WORDS).work.slug])
        old = as_text([*WORDS[:400], *drawn_words(4000, 91)])
        texts.add_reference(title="Old Lamps", source="Harbour Library", content=old, at=clock.now())
        given = {**SAYS, "original_title": "Lamps", "original_place": "2019", "email": "ann@example.org"}
        refused = client.post(page, {**given, "passage_1": as_text(WORDS[100:200])})
        assert refused.status_code == 422
        assert re.search("Old Lamps.*Harbour Library", text_of(refused))
        assert not Claim.objects.exists()

    def test_says_who_holds_the_rights_if_an_agent_claims(self, client: Client) -> None:
        page = reverse("claims:file-copied", args=[make_sold(WORDS).work.slug])
        response = client.post(page, {**SAYS, "authority": "agent"})
        assert "Say who holds the rights" in text_of(response)


class TestAuthor:
    def test_is_told_what_is_held_and_why_and_answers(self) -> None:
        claim = file_found(make_copy(earlier=known(make_author())), words="Taken from chapter two.")
        client = logged_in(claim.work.owner)
        page = text_of(client.get(work_page(claim)))
        for told in (
            "Ann First",
            "Taken from chapter two.",
            "Who found the passages",
            "A fixed rule",
            "If you disagree",
        ):
            assert told in page
        assert claim.user is not None
        assert claim.user.email not in page
        home = text_of(client.get(reverse("desk")))
        assert work_page(claim) in home
        assert client.post(work_page(claim), {"answer": "licence"}).status_code == 422, "no words"
        client.post(work_page(claim), {"answer": "licence", "words": "From the press."})
        assert Claim.objects.get().state == State.CONTESTED
        assert "Send the answer" not in text_of(client.get(work_page(claim)))

    def test_hears_nothing_of_an_unconfirmed_claim(self) -> None:
        claim = file_copied(make_sold(WORDS).work, WORDS[:200])
        client = logged_in(claim.work.owner)
        assert client.get(work_page(claim)).status_code == 404
        listed = client.get(reverse("claims:work-claims", args=[claim.work.public_id]))
        assert "Nobody claims" in text_of(listed)

    def test_of_another_book_sees_nothing(self) -> None:
        claim = file_found(make_copy())
        other = make_sold(WORDS)
        client = logged_in(other.work.owner)
        mixed = reverse("claims:work-claim", args=[other.work.public_id, claim.public_id])
        assert client.get(mixed).status_code == 404
        assert client.post(mixed, {"answer": "agree"}).status_code == 404
        assert client.get(work_page(claim)).status_code == 404

    def test_appeals(self) -> None:
        claim = decide(make_deciding(file_found(make_copy())))
        mail_all(claim)
        client = logged_in(claim.work.owner)
        assert "You can appeal once" in text_of(client.get(work_page(claim)))
        client.post(work_page(claim), {"appeal": "I wrote it in 2010."})
        assert Claim.objects.get().state == State.APPEALED

    def test_is_told_after_a_won_claim_that_the_words_are_still_there(self) -> None:
        claim = answer(file_found(make_copy()))
        Claim.objects.filter(pk=claim.pk).update(
            state=State.ENDED, outcome=Outcome.UPHELD, ended_at=clock.now(), won=tuple(range(len(claim.passages)))
        )
        page = text_of(logged_in(claim.work.owner).get(work_page(claim)))
        assert "The edition on sale still has" in page


class TestClaimant:
    def test_upholds_and_withdraws(self, client: Client) -> None:
        claim = answer(file_found(make_copy(earlier=known(make_author()))))
        page = claim_page(claim)
        shown = text_of(client.get(page))
        assert "Uphold your claim" in shown
        assert "What is held, and why" in shown
        assert "If you disagree" not in shown, "that is for the owner of the book"
        client.post(page, {"evidence": "Printed in 2019."})
        assert Claim.objects.get().state == State.DECIDING
        client.post(page, {"withdraw": "1"})
        assert Claim.objects.get().outcome == Outcome.WITHDRAWN

    def test_is_refused_politely_when_it_is_too_late(self, client: Client) -> None:
        claim = answer(file_found(make_copy()))
        clock_runs.run_due(at=clock.now() + timedelta(days=14))
        response = client.post(claim_page(claim), {"evidence": "Printed in 2019."}, follow=True)
        assert "the claim has gone on since" in text_of(response)

    def test_lists_what_they_claimed_and_their_warnings(self) -> None:
        claim = file_found(make_copy())
        assert claim.user is not None
        ConductNotice.objects.create(kind=NoticeKind.WARNING, user=claim.user, made_at=clock.now())
        page = text_of(logged_in(claim.user).get(reverse("claims:mine")))
        assert claim.work.title in page
        assert "Warning" in page
        assert "No claims yet" in text_of(logged_in(make_reader()).get(reverse("claims:mine")))

    def test_takes_the_money_with_the_address_that_they_claimed_from(self, client: Client) -> None:
        claim = file_copied(make_sold(WORDS).work, WORDS[:200])
        client.post(claim_page(claim), {"confirm": "1"})
        owner = logged_in(claim.work.owner)
        owner.post(work_page(claim), {"answer": "agree"})
        assert "Log in or create an account" in text_of(client.get(claim_page(claim)))
        stranger = logged_in(make_reader())
        stranger.post(claim_page(claim), {"take": "1"})
        assert Claim.objects.get().winner is None
        reader = make_reader(email="ann@example.org")
        logged_in(reader).post(claim_page(claim), {"take": "1"})
        assert Claim.objects.get().winner == reader

    @pytest.mark.parametrize("page", ["claims:claim", "claims:conduct"])
    def test_a_forged_link_leads_nowhere(self, client: Client, page: str) -> None:
        assert client.get(reverse(page, args=["clm_x:forged"])).status_code == 404

    def test_appeals_against_a_suspension(self, client: Client) -> None:
        at = clock.now()
        notice = ConductNotice.objects.create(
            kind=NoticeKind.SUSPENSION, email="a@example.org", made_at=at, ends_at=at + timedelta(days=90)
        )
        page = urlsplit(links.notice_link(notice)).path
        assert "You can appeal once" in text_of(client.get(page))
        client.post(page, {"appeal": "They were mine."})
        assert "They were mine." in text_of(client.get(page))
        staff = logged_in(make_moderator())
        moderation = reverse("claims:moderation-conduct", args=[notice.public_id])
        assert moderation in text_of(staff.get(reverse("claims:moderation")))
        staff.post(moderation, {"outcome": "lifted", "reason": "They were."})
        assert ConductNotice.objects.get().is_lifted


class TestModerators:
    def test_see_what_is_due_first(self) -> None:
        looked = file_found(make_copy())
        waiting = make_deciding(file_found(make_copy(earlier=known(make_author()))))
        client = logged_in(make_moderator())
        page = text_of(client.get(reverse("claims:moderation")))
        assert page.index(looked.public_id) < page.index(waiting.public_id)
        assert "chip-danger" not in page
        with clock.frozen(clock.now() + timedelta(hours=72)):
            assert "chip-danger" in text_of(client.get(reverse("claims:moderation")))

    def test_look_and_decide(self) -> None:
        claim = file_found(make_copy())
        client = logged_in(make_moderator())
        page = reverse("claims:moderation-claim", args=[claim.public_id])
        client.post(page, {"look-hold": "yes", "look-reason": "They are there."})
        assert Claim.objects.get().hold.state == HoldState.HELD
        make_deciding(claim)
        case = reverse("community:moderation-case", args=[Claim.objects.get().case.public_id])
        assert client.get(case).url == page
        given = {"won": ["0"], "evidence": "Printed in 2019.", "reason": "Theirs.", "seen": seen(claim)}
        assert client.post(page, {**given, "evidence": ""}).status_code == 422
        stale = client.post(page, {**given, "seen": "x"})
        assert stale.status_code == 422
        client.post(page, given)
        assert Claim.objects.get().won == (0,)

    def test_a_second_one_decides_the_appeal(self) -> None:
        first, claim = make_moderator(), make_deciding(file_found(make_copy()))
        decide(claim, actor=first)
        mail_all(claim)
        logged_in(claim.work.owner).post(work_page(claim), {"appeal": "Mine."})
        page = reverse("claims:moderation-claim", args=[claim.public_id])
        given = {"reason": "Not theirs.", "seen": seen(claim)}
        assert "Someone else has to decide" in text_of(logged_in(first).get(page))
        assert logged_in(first).post(page, given).status_code == 403
        logged_in(make_operator()).post(page, given)
        assert Claim.objects.get().outcome == Outcome.DISMISSED

    def test_nobody_else_sees_the_queue(self) -> None:
        claim = file_found(make_copy())
        for user in (claim.work.owner, make_reader()):
            assert logged_in(user).get(reverse("claims:moderation")).status_code == 404


def test_how_claims_work_is_public(client: Client) -> None:
    assert "Who does what until when" in text_of(client.get(reverse("claims:how")))


def test_a_book_of_ones_own_cannot_be_claimed() -> None:
    book = make_sold(WORDS)
    assert (
        logged_in(Work.objects.get(pk=book.work.pk).owner)
        .get(reverse("claims:file-copied", args=[book.work.slug]))
        .status_code
        == 403
    )
