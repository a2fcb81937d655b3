"""No book leaves the shop, and no shelf is hidden, without rule, evidence, notice, appeal to somebody else, and log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from common.errors import NotAllowed
from publishing import services as publishing_services
from publishing.errors import WorkTakenDown
from publishing.models import Edition, EditionState
from publishing.services import Details
from storefront.catalogue.models import Listing
from storefront.checkout import permissions
from storefront.checkout.models import RefundState
from storefront.checkout.preorders.services import preorders
from storefront.community import standing_rules
from storefront.community.errors import CaseDecided, EvidenceMissing, OutcomeNotPossible, ReasonMissing, SubjectChanged
from storefront.community.models import AppealOutcome, CaseOutcome, CaseState, ReportRule, Review, ReviewCase, Shelf
from storefront.community.selectors import standings
from storefront.community.services import moderation, review_emails, reviews, shelves
from storefront.community.services.moderation import CaseNotYours
from storefront.search.models import SearchDocument
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import buy
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work
from tests.factories.trust import make_entitlement, make_standing
from tests.storefront.community.reported import (
    appeal,
    decide,
    decide_again,
    make_shelf,
    report,
    report_shelf,
    seen,
)

pytestmark = pytest.mark.django_db
PATH = "/books/the-lamp/"


@pytest.fixture
def edition() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author(display_name="Ada"))


@pytest.fixture
def work(edition):
    return edition.work


def details(**given):
    common = {"title": "The Lamp", "subtitle": "", "language": "en", "description": "", "subject": "FB", "imprint": ""}
    return Details(**{**common, "sample_bps": 1000, **given})


def text_of(client, place):
    response = client.get(place)
    return b"".join(response).decode()


class TestWhoDecides:
    @pytest.mark.parametrize("part", ["owner", "contributor", "reporter", "finance", "reader"])
    def test_nobody_with_a_part_in_it_and_no_stranger(self, work, part):
        make_contributor(work, user=(illustrator := make_author()), role="ill")
        reporter = make_reader()
        case = report(work, reporter)
        people = {"owner": work.owner, "contributor": illustrator, "reporter": reporter, "finance": make_finance()}
        person = people.get(part) or make_reader()
        if part in {"owner", "contributor", "reporter"}:
            person.is_moderator = True
            person.save()
        with pytest.raises(CaseNotYours):
            decide(case, actor=person)
        assert Listing.objects.get(work=work).is_on_sale

    @pytest.mark.parametrize("part", ["keeper", "reporter"])
    def test_nor_of_a_shelf(self, work, part):
        people = {"keeper": make_moderator(), "reporter": make_moderator()}
        case = report_shelf(make_shelf(work, owner=people["keeper"]), people["reporter"])
        with pytest.raises(CaseNotYours):
            decide(case, CaseOutcome.PRIVATE, ReportRule.HATE, actor=people[part])

    def test_a_moderator_who_reported_is_told_so_by_the_page(self, work, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        moderator = make_moderator()
        path = reverse("community:moderation-case", args=[report(work, moderator).public_id])
        client.force_login(moderator)
        assert "you are involved" in client.get(path).content.decode()
        given = {"outcome": "offsale", "rule": "stolen", "evidence": "Page 3.", "reason": "It is copied."}
        assert client.post(path, given).status_code == 403

    def test_publishing_asks_again(self, work):
        for person in (make_reader(), make_finance(), work.owner):
            with pytest.raises(NotAllowed):
                publishing_services.take_down(actor=person, work=work, case="mod_x", at=NOON)
            with pytest.raises(NotAllowed):
                publishing_services.mark_adult(actor=person, work=work, case="mod_x")

    def test_an_appeal_is_a_second_persons(self, work):
        case = appeal(decide(report(work)))
        with pytest.raises(CaseNotYours):
            decide_again(case, AppealOutcome.OVERTURNED, case.decided_by)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewCase.objects.filter(pk=case.pk).update(appeal_decided_by=case.decided_by_id)
        assert decide_again(case, AppealOutcome.OVERTURNED, make_operator()).state == CaseState.CLOSED

    def test_an_appeal_is_the_owners_alone_and_in_time(self, work):
        case = decide(report(work))
        told = NOON + timedelta(days=3)  # the period counts from being told, not from the decision
        ReviewCase.objects.filter(pk=case.pk).update(told_at=told)
        late = told + standing_rules.APPEAL_PERIOD
        for who, at in ((make_reader(), NOON), (work.owner, late)):
            with pytest.raises(CaseNotYours):
                moderation.appeal(actor=who, case=case, text="No.", at=at)
        moderation.appeal(actor=work.owner, case=case, text="No.", at=late - timedelta(seconds=1))

    def test_whoever_reported_does_not_decide_the_appeal_either(self, work):
        case = appeal(decide(report(work, reporter := make_moderator())))
        with pytest.raises(CaseNotYours):
            decide_again(case, AppealOutcome.UPHELD, reporter)


class TestGrounds:
    def test_are_a_named_rule_evidence_and_a_reason(self, work):
        case = report(work)
        for error, given in (
            (ReasonMissing, {"rule": None}),
            (ReasonMissing, {"rule": ReportRule.OTHER}),
            (ReasonMissing, {"reason": " "}),
            (EvidenceMissing, {"evidence": " "}),
        ):
            with pytest.raises(error):
                decide(case, **given)
        case.refresh_from_db()
        assert (case.state, Listing.objects.get(work=work).is_on_sale) == (CaseState.OPEN, True)

    @pytest.mark.parametrize("outcome", [CaseOutcome.HIDE, CaseOutcome.SPOILER, CaseOutcome.PRIVATE])
    def test_fit_what_it_is_about(self, work, outcome):
        with pytest.raises(OutcomeNotPossible):
            decide(report(work), outcome)

    def test_of_a_shelf_do_not_take_a_book_off_sale(self, work):
        with pytest.raises(OutcomeNotPossible):
            decide(report_shelf(make_shelf(work)), CaseOutcome.OFF_SALE)

    def test_are_what_the_moderator_has_seen(self, work):
        case = report(work)
        before = seen(case)
        publishing_services.update_details(actor=work.owner, work=work, details=details(description="Mended."), at=NOON)
        with pytest.raises(SubjectChanged):
            decide(case, version=before)

    def test_are_decided_once(self, work):
        case = report(work)
        version = seen(case)
        decide(case)
        with pytest.raises(CaseDecided):
            decide(case, CaseOutcome.KEEP, None, version=seen(case))
        assert version != seen(case)

    def test_are_logged_without_words_and_names(self, work, client):
        case = decide(report(work))
        entry = AuditEntry.objects.get(verb="review_case.decided")
        assert (entry.subject_id, entry.facts) == (case.public_id, {"outcome": "offsale", "rule": "stolen"})
        assert AuditEntry.objects.get(verb="work.held").facts == {"case": case.public_id}
        text = client.get("/rules/decisions/").content.decode()
        assert case.public_id in text
        assert "Taken off sale" in text
        for private in ("The Lamp", "Ada", "It is copied.", "Pages 30", case.decided_by.display_name):
            assert private not in text

    def test_that_wait_are_not_in_the_public_log(self, work, client):
        case = report(work)
        assert case.public_id not in client.get("/rules/decisions/").content.decode()


class TestOffSale:
    def test_it_leaves_every_page_and_its_readers_keep_it(self, edition, work, client):
        make_entitlement(reader := make_reader(), edition)
        keeper = make_standing(12, is_curator=True)
        shelf = make_shelf(work, owner=keeper)
        places = [
            *("/", "/books/", "/search/?q=lamp", f"/shelves/{shelf.slug}/", f"/shelves/{shelf.slug}/feed/"),
            reverse("pages:author", args=[work.owner.public_id]),
            reverse("catalogue:feed-newest", args=["atom"]),
            reverse("catalogue:feed-author", args=[work.owner.public_id, "atom"]),
            reverse("pages:sitemap", args=["books", 0]),
        ]
        for place in places:
            assert "the-lamp" in text_of(client, place), place
        decide(report(work))
        for place in places:
            assert "the-lamp" not in text_of(client, place), place
        assert client.get(PATH).status_code == 404
        assert not SearchDocument.objects.filter(listing__work=work).exists()
        assert permissions.may_read(reader, work)
        client.force_login(reader)
        assert "The Lamp" in client.get("/library/").content.decode()

    def test_it_stays_so_whatever_its_owner_publishes(self, edition, work, client):
        decide(report(work))
        work.refresh_from_db()
        draft = make_edition(work=work)
        for one in (edition, draft):
            with pytest.raises(WorkTakenDown):
                publishing_services.publish_edition(actor=work.owner, edition=one, at=NOON)
        with pytest.raises(WorkTakenDown):
            publishing_services.announce_release(
                actor=work.owner, work=work, day=NOON.date() + timedelta(days=9), at=NOON
            )
        publishing_services.update_details(actor=work.owner, work=work, details=details(), at=NOON)
        publishing_services.set_prices(actor=work.owner, work=work, prices={"USD": 599}, at=NOON)
        assert not Listing.objects.get(work=work).is_on_sale
        client.force_login(work.owner)
        address = reverse("edition-publish", args=[work.public_id, edition.public_id])
        assert "taken this book off sale under our rules" in client.post(address, follow=True).content.decode()
        assert client.get(PATH).status_code == 404

    def test_an_upheld_appeal_leaves_it_so(self, edition, work):
        case = decide_again(appeal(decide(report(work))), AppealOutcome.UPHELD)
        with pytest.raises(WorkTakenDown):
            publishing_services.publish_edition(actor=work.owner, edition=edition, at=NOON)
        with pytest.raises(CaseNotYours):
            appeal(case)

    def test_a_won_appeal_restores_it_at_once_with_its_day(self, edition, work, client):
        published = edition.published_at
        decide_again(appeal(decide(report(work))), AppealOutcome.OVERTURNED)
        edition.refresh_from_db()
        work.refresh_from_db()
        assert (edition.state, edition.published_at, work.held_by) == (EditionState.PUBLISHED, published, "")
        assert client.get(PATH).status_code == 200
        assert "the-lamp" in client.get("/books/").content.decode()
        draft = make_edition(work=work)
        assert publishing_services.publish_edition(actor=work.owner, edition=draft, at=NOON)

    def test_what_its_owner_withdrew_first_is_held_all_the_same_and_stays_withdrawn(self, edition, work):
        case = report(work)
        publishing_services.withdraw_edition(actor=work.owner, edition=edition, at=NOON)
        decide(case)
        with pytest.raises(WorkTakenDown):
            publishing_services.publish_edition(actor=work.owner, edition=edition, at=NOON)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        edition.refresh_from_db()
        assert edition.state == EditionState.WITHDRAWN
        publishing_services.publish_edition(actor=work.owner, edition=edition, at=NOON)

    def test_dismissed_nothing_changes_and_the_owner_hears_nothing(self, work, client):
        case = decide(report(work), CaseOutcome.KEEP, None)
        assert client.get(PATH).status_code == 200
        assert (case.rule, case.evidence) == ("", "")
        assert not review_emails.mail_case(case_id=case.pk)
        client.force_login(work.owner)
        assert client.get(f"/account/decisions/{case.public_id}/").status_code == 404

    def test_is_no_stain_on_the_standing_of_its_author(self, work):
        make_entitlement(work.owner, make_published_edition())
        before = standings.standing_page(work.owner, at=NOON)
        decide(report(work))
        assert standings.standing_page(work.owner, at=NOON) == before

    def test_is_not_taken_up_by_a_review_of_whoever_it_is_about(self, edition):
        """A decision on a book has no review either; a review of its writer does not become its subject."""
        former, work = make_reader(), edition.work
        case = decide(report(work))
        ReviewCase.objects.filter(pk=case.pk).update(writer=former)
        make_entitlement(former, edition)
        reviews.write_review(actor=former, work=work, stars=5, title="", body="Good.", at=NOON)
        assert ReviewCase.objects.get(pk=case.pk).review is None
        assert Review.objects.get().fold == ""


class TestAnnounced:
    @pytest.fixture
    def work(self):
        work = make_work(slug="the-lamp", title="The Lamp")
        make_edition(work=work)
        day = NOON.date() + timedelta(days=30)
        return publishing_services.announce_release(actor=work.owner, work=work, day=day, at=NOON)

    def test_whoever_ordered_ahead_gets_the_money_back(self, work):
        order = buy(make_reader(), work.editions.get())
        (preorder,) = [line.preorder for line in order.lines.all()]
        case = decide(report(work))
        preorders.supply(preorder_id=preorder.pk, at=NOON)
        refund = order.lines.get().refunds.get()
        assert (refund.reason, refund.amount_minor) == ("called_off", order.total_minor)
        assert refund.state in {RefundState.PENDING, RefundState.SUCCEEDED}
        work.refresh_from_db()
        assert (work.release_date, case.release_date) == (None, NOON.date() + timedelta(days=30))

    def test_a_won_appeal_announces_it_again(self, work, client):
        decide_again(appeal(decide(report(work))), AppealOutcome.OVERTURNED)
        work.refresh_from_db()
        assert work.release_date == NOON.date() + timedelta(days=30)
        assert client.get(PATH).status_code == 200
        assert work.editions.get().state == EditionState.DRAFT


class TestAdult:
    def test_marks_it_and_its_owner_cannot_take_the_mark_away(self, work, client):
        decide(report(work, rule=ReportRule.ADULT), CaseOutcome.ADULT, ReportRule.ADULT)
        assert client.get(PATH).status_code == 200
        assert "the-lamp" not in client.get("/books/").content.decode()
        work.refresh_from_db()
        publishing_services.update_details(actor=work.owner, work=work, details=details(is_adult=False), at=NOON)
        assert Listing.objects.get(work=work).is_adult

    def test_a_won_appeal_takes_the_mark_away(self, work):
        case = decide(report(work, rule=ReportRule.ADULT), CaseOutcome.ADULT, ReportRule.ADULT)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert not Listing.objects.get(work=work).is_adult
        work.refresh_from_db()
        assert (work.is_adult, work.adult_by) == (False, "")

    def test_cannot_be_decided_of_what_is_marked(self, work):
        case = report(work)
        publishing_services.update_details(actor=work.owner, work=work, details=details(is_adult=True), at=NOON)
        with pytest.raises(OutcomeNotPossible):
            decide(case, CaseOutcome.ADULT, ReportRule.ADULT)

    def test_two_decisions_do_not_undo_each_other(self, edition, work):
        adult = decide(report(work, rule=ReportRule.ADULT), CaseOutcome.ADULT, ReportRule.ADULT)
        decide(report(work))
        decide_again(appeal(adult), AppealOutcome.OVERTURNED)
        work.refresh_from_db()
        assert not work.is_adult
        with pytest.raises(WorkTakenDown):
            publishing_services.publish_edition(actor=work.owner, edition=edition, at=NOON)


class TestShelf:
    @pytest.fixture
    def shelf(self, work):
        others = [make_published_edition().work for _ in range(3)]
        return make_shelf(work, *others, owner=make_standing(12, is_curator=True), title="Lights out")

    def pages(self, client, shelf):
        """Where others see the shelf now."""
        places = {"/": "Lights out", "/shelves/": "Lights out", PATH: "Lights out"}
        found = {place for place, words in places.items() if words in client.get(place).content.decode()}
        for place in (f"/shelves/{shelf.slug}/", f"/shelves/{shelf.slug}/feed/"):
            found |= {place} if client.get(place).status_code == 200 else set()
        return found

    def test_is_hidden_from_everybody_but_its_keeper(self, shelf, client):
        assert len(self.pages(client, shelf)) == 5
        case = decide(report_shelf(shelf), CaseOutcome.PRIVATE, ReportRule.HATE)
        assert self.pages(client, shelf) == set()
        client.force_login(shelf.owner)
        text = client.get(f"/account/shelves/{shelf.public_id}/").content.decode()
        assert "Only you can see it" in text
        assert f"/account/decisions/{case.public_id}/" in text

    def test_stays_so_however_it_is_changed(self, shelf, client):
        decide(report_shelf(shelf), CaseOutcome.PRIVATE, ReportRule.HATE)
        for visibility in ("unlisted", "public"):
            shelf = shelves.change_shelf(
                actor=shelf.owner, shelf=shelf, title="Lights out", description="", visibility=visibility
            )
            assert client.get(f"/shelves/{shelf.address}/").status_code == 404

    def test_is_back_at_once_when_the_appeal_is_won(self, shelf, client):
        case = decide(report_shelf(shelf), CaseOutcome.PRIVATE, ReportRule.HATE)
        decide_again(appeal(case), AppealOutcome.OVERTURNED)
        assert len(self.pages(client, shelf)) == 5

    def test_that_was_deleted_leaves_nothing_to_undo(self, shelf):
        case = decide(report_shelf(shelf), CaseOutcome.PRIVATE, ReportRule.HATE)
        shelves.delete_shelf(actor=shelf.owner, shelf=shelf)
        assert decide_again(appeal(case), AppealOutcome.OVERTURNED).state == CaseState.CLOSED
        assert not Shelf.objects.exists()


class TestNotice:
    def test_tells_rule_evidence_reason_money_and_how_to_appeal_until_when(self, work, client):
        case = decide(report(work))
        assert review_emails.mail_case(case_id=case.pk)
        assert not review_emails.mail_case(case_id=case.pk)
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([work.owner.email], "A decision about your book “The Lamp”")
        client.force_login(work.owner)
        page = client.get(f"/account/decisions/{case.public_id}/").content.decode()
        for text in (letter.body, letter.alternatives[0][0], page):
            for part in (
                "Taken off sale",
                "Spam, or text copied from elsewhere",
                "Pages 30 to 44 stand in another book.",
                "It is copied.",
                "What it has earned stays yours",
                "26 May 2027",
            ):
                assert part in text
        assert f"/account/decisions/{case.public_id}/" in letter.body
        assert "<p>" not in letter.body

    def test_of_an_appeal_says_who_won(self, work, client):
        case = decide_again(appeal(decide(report(work))), AppealOutcome.OVERTURNED)
        assert review_emails.mail_case(case_id=case.pk)
        assert "Everything is as it was before." in mail.outbox[0].body
        assert "I have compared them." in mail.outbox[0].body
        client.force_login(work.owner)
        assert "Your appeal succeeded" in client.get(f"/account/decisions/{case.public_id}/").content.decode()

    def test_is_seen_by_the_owner_alone(self, work, client):
        case = decide(report(work, reporter := make_reader()))
        for person in (reporter, make_reader(), case.decided_by):
            client.force_login(person)
            assert client.get(f"/account/decisions/{case.public_id}/").status_code == 404

    def test_stands_on_the_desk_with_the_way_to_it(self, work, client):
        case = decide(report(work))
        client.force_login(work.owner)
        desk = client.get(f"/desk/works/{work.public_id}/").content.decode()
        assert f"/account/decisions/{case.public_id}/" in desk
        assert "Put back on sale" not in desk

    def test_leads_to_an_appeal(self, work, client):
        case = decide(report(work))
        client.force_login(work.owner)
        path = f"/account/decisions/{case.public_id}/"
        assert client.post(path, {"text": "I wrote both."}, follow=True).status_code == 200
        case.refresh_from_db()
        assert (case.state, case.appeal) == (CaseState.APPEALED, "I wrote both.")


class TestQueue:
    @pytest.fixture(autouse=True)
    def _moderator(self, client, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_moderator())

    def test_groups_reports_and_is_narrowed(self, work, client):
        report(work)
        report(work, rule=ReportRule.HATE)
        report_shelf(make_shelf(work))
        text = client.get("/moderation/reviews/").content.decode()
        assert text.count("The Lamp") == 1
        assert "Book, 2 reports" in text
        assert "Lights" not in client.get("/moderation/reviews/?kind=book").content.decode()
        assert "The Lamp" not in client.get("/moderation/reviews/?kind=shelf").content.decode()
        assert "The Lamp" in client.get("/moderation/reviews/?rule=stolen").content.decode()
        assert "The Lamp" not in client.get("/moderation/reviews/?rule=copyright").content.decode()

    def test_asks_as_much_however_many_there_are(self, work, client):
        def queries(path):
            with CaptureQueriesContext(connection) as found:
                assert client.get(path).status_code == 200
            return len(found)

        case = report(work)
        path = f"/moderation/reviews/{case.public_id}/"
        client.get(path)
        first = queries(path), queries("/moderation/reviews/"), queries("/rules/decisions/")
        for _ in range(4):
            report(work)
            decide(report_shelf(make_shelf(work, make_published_edition().work)), CaseOutcome.PRIVATE, ReportRule.HATE)
            report(make_published_edition().work)
        assert (queries(path), queries("/moderation/reviews/"), queries("/rules/decisions/")) == first

    def test_decides_by_the_page(self, work, client):
        case = report(work)
        path = f"/moderation/reviews/{case.public_id}/"
        form = client.get(path).context["form"]
        given = {"outcome": "offsale", "rule": "", "evidence": "", "reason": "Copied.", "seen": form.initial["seen"]}
        response = client.post(path, given)
        assert (response.status_code, set(response.context["form"].errors)) == (422, {"rule", "evidence"})
        given |= {"rule": "stolen", "evidence": "Page 3."}
        assert client.post(path, given).status_code == 302
        case.refresh_from_db()
        assert (case.outcome, case.evidence) == (CaseOutcome.OFF_SALE, "Page 3.")

    def test_shows_what_changed_meanwhile_and_decides_nothing(self, work, client):
        case = report(work)
        path = f"/moderation/reviews/{case.public_id}/"
        given = {"outcome": "offsale", "rule": "stolen", "evidence": "Page 3.", "reason": "Copied.", "seen": "old"}
        response = client.post(path, given)
        assert response.status_code == 409
        assert "It has changed since you opened this page" in response.content.decode()
        case.refresh_from_db()
        assert case.state == CaseState.OPEN
