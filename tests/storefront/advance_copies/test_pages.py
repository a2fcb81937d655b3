"""Pages of advance copies: the author's on the desk, the answers to links, and the reader's."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from common import clock
from storefront.advance_copies.models import Copy, Offer
from storefront.advance_copies.services import copies, links
from storefront.checkout import permissions
from storefront.community.models import CaseOutcome, Reported, ReportRule
from storefront.community.selectors import cases
from storefront.community.services import moderation, reports
from storefront.community.services.reports import ReportInput, ReportNotAllowed
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.advance_copies import invite, make_copy, make_draft, make_offer, make_request
from tests.factories.collaboration import make_collaborator
from tests.storefront.advance_copies.conftest import publish

pytestmark = pytest.mark.django_db


def desk(work, name: str = "desk", *args) -> str:
    return reverse(f"advance_copies:{name}", args=[work.public_id, *args])


def form(days: int = 30, **changes) -> dict[str, object]:
    day = clock.now().date() + timedelta(days=days)
    return {"last_day": day.isoformat(), "max_copies": 20, "may_download": "on", "wants_reviews": "on"} | changes


class TestDesk:
    def test_offer_invite_and_see_how_things_stand(self, client, work, author):
        client.force_login(author)
        page = client.get(desk(work)).content.decode()
        assert "Offer advance copies" in page
        assert "Send invitations" not in page, "nothing is offered yet"
        assert client.post(desk(work), form(note="A last proofreading is to come.")).status_code == 302
        assert Offer.objects.get().note == "A last proofreading is to come."
        told = {"emails": "ann@example.org\r\nbob@example.org, ann@example.org", "language": "en"}
        page = client.post(desk(work, "invite"), told, follow=True).content.decode()
        assert "We are sending 2 invitations." in page
        assert "ann@example.org" in page
        page = client.post(desk(work, "invite"), told, follow=True).content.decode()
        assert "because they stand in the list below: ann@example.org, bob@example.org." in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"last_day": ""}, "last day"),
            ({"last_day": "2020-01-01"}, "Choose a last day from tomorrow on"),
            ({"max_copies": "500"}, "200"),
        ],
    )
    def test_gives_a_wrong_form_back(self, client, work, author, changes, words):
        client.force_login(author)
        answer = client.post(desk(work), form(**changes))
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Offer.objects.exists()

    @pytest.mark.parametrize(
        "emails", ["ann", "", "ann@example.org <script>", "\n".join(f"a{n}@b.org" for n in range(51))]
    )
    def test_gives_wrong_addresses_back(self, client, work, author, offer, emails):
        client.force_login(author)
        assert client.post(desk(work, "invite"), {"emails": emails, "language": "en"}).status_code == 422
        assert not Copy.objects.exists()

    def test_each_button(self, client, work, author, reader):
        make_offer(work, takes_requests=True)
        client.force_login(author)
        copy, asked, other = make_copy(work, reader), make_request(work), make_request(work)
        later = (copy.last_day + timedelta(days=5)).isoformat()
        steps = [
            ("extend", copy, {"last_day": later}, "Saved."),
            ("extend", copy, {"last_day": "soon"}, "Enter the new last day"),
            ("withdraw", copy, {"words": "Sorry."}, "Withdrawn."),
            ("withdraw", copy, {}, "answered in the meantime"),
            ("grant", asked, {}, "The reader has the copy"),
            ("refuse", other, {}, "Declined."),
            ("again", copy, {}, "answered in the meantime"),
        ]
        for name, one, told, words in steps:
            page = client.post(desk(work, name, one.public_id), told, follow=True).content.decode()
            assert words in page, name
        for name in ("close", "reopen", "newest"):
            assert client.post(desk(work, name)).status_code == 302
        for one in Copy.objects.all():
            assert client.get(desk(work, "copy", one.public_id)).status_code == 200

    def test_copies_of_another_work_do_not_exist_here(self, client, work, author, offer):
        foreign = make_copy(make_draft(author).work)
        client.force_login(author)
        assert client.get(desk(work, "copy", foreign.public_id)).status_code == 404
        assert client.post(desk(work, "withdraw", foreign.public_id)).status_code == 404
        foreign.refresh_from_db()
        assert foreign.state == "accepted"

    def test_a_co_author_who_may_publish_reaches_it_from_the_shared_text(self, client, work):
        client.force_login(make_collaborator(work, "co_author", may_publish=True).user)
        shared = client.get(reverse("collaboration:work", args=[work.public_id])).content.decode()
        assert desk(work) in shared
        page = client.get(desk(work)).content.decode()
        assert reverse("work-price", args=[work.public_id]) not in page

    def test_takes_a_fixed_number_of_queries(self, client, work, author, django_assert_max_num_queries):
        make_offer(work, takes_requests=True)
        for _number in range(4):
            make_copy(work)
            make_request(work)
        client.force_login(author)
        client.get(desk(work))
        with django_assert_max_num_queries(45):
            client.get(desk(work))


class TestInvitationPage:
    def test_says_what_it_means_before_anything(self, client, work, offer):
        [copy] = invite(work)
        page = client.get(reverse("advance_copies:invitation", args=[links.token_of(copy)])).content.decode()
        for words in (
            "Ada Quill offers you “The Swarm”",
            "Then your access ends",
            "What you downloaded stays yours to read",
            "honest review",
            "that your copy was free",
            "never what or how far you read",
            'content="noindex"',
        ):
            assert words in page
        copy.refresh_from_db()
        assert copy.opened_at is not None
        assert copy.state == "invited"

    def test_a_visitor_logs_in_and_comes_back(self, client, work, offer, reader):
        [copy] = invite(work)
        address = reverse("advance_copies:invitation", args=[links.token_of(copy)])
        answer = client.post(address, {"answer": "yes"})
        assert urlsplit(answer["Location"]).path == reverse("account_login")
        client.force_login(reader)
        page = client.post(address, {"answer": "yes"}, follow=True).content.decode()
        assert "Advance copy until" in page
        answer = client.get(address)
        assert reverse("reading:read", args=[work.slug]) in answer["Location"], "the email leads to the book later"
        client.logout()
        assert reverse("account_login") in client.get(address)["Location"]
        client.force_login(make_reader())
        assert "no longer open" in client.get(address).content.decode()

    def test_declining_needs_no_account(self, client, work, offer):
        [copy] = invite(work)
        address = reverse("advance_copies:invitation", args=[links.token_of(copy)])
        assert client.post(address, {"answer": "no"}).status_code == 302
        copy.refresh_from_db()
        assert copy.state == "declined"
        assert client.get(address).status_code != 200


class TestRequestPage:
    def test_exists_only_while_requests_are_taken_and_is_not_indexed(self, client, work, offer):
        address = reverse("advance_copies:request", args=[offer.public_id])
        assert client.get(address).status_code == 404
        Offer.objects.update(takes_requests=True)
        page = client.get(address).content.decode()
        assert 'content="noindex"' in page
        assert "The Swarm" in page
        Offer.objects.update(is_closed=True)
        assert client.get(address).status_code == 404

    def test_asks(self, client, work, reader):
        offer = make_offer(work, takes_requests=True)
        address = reverse("advance_copies:request", args=[offer.public_id])
        assert client.post(address, {"words": "Bees!"}).status_code == 302
        assert not Copy.objects.exists()
        client.force_login(reader)
        assert client.post(address, {"words": ""}).status_code == 422
        assert "You asked on" in client.post(address, {"words": "Bees!"}, follow=True).content.decode()
        assert "You have asked for this copy already" in client.post(address, {"words": "Bees!"}).content.decode()


class TestOwnCopies:
    def test_lists_them_and_stops_a_reminder(self, client, work, reader):
        copy = make_copy(work, reader)
        client.force_login(reader)
        address = reverse("advance_copies:mine")
        assert "Do not remind me" in client.get(address).content.decode()
        client.post(reverse("advance_copies:reminder", args=[copy.public_id]), {"wanted": "0"})
        assert "Remind me of a review" in client.get(address).content.decode()
        copy.refresh_from_db()
        assert not copy.wants_reminder

    def test_of_others_do_not_exist(self, client, work):
        copy = make_copy(work)
        client.force_login(make_reader())
        assert client.post(reverse("advance_copies:reminder", args=[copy.public_id])).status_code == 404
        assert client.get(reverse("advance_copies:over", args=[work.slug])).status_code == 404

    def test_shows_what_the_author_said(self, client, work, author, reader):
        copy = make_copy(work, reader)
        copies.withdraw(actor=author, copy=copy, words="See you at the launch.", at=clock.now())
        client.force_login(reader)
        for name in (reverse("advance_copies:mine"), reverse("advance_copies:over", args=[work.slug])):
            assert "See you at the launch." in client.get(name).content.decode()

    def test_an_empty_list_says_what_it_is_for(self, client, reader):
        client.force_login(reader)
        assert "No advance copies" in client.get(reverse("advance_copies:mine")).content.decode()

    def test_over_says_that_the_book_is_not_on_sale(self, client, work, reader):
        copy = make_copy(work, reader)
        client.force_login(reader)
        with clock.frozen(clock.end_of_day(copy.last_day) + timedelta(days=1)):
            page = client.get(reverse("reading:read", args=[work.slug]), follow=True).content.decode()
            assert "not on sale here at the moment" in page
            publish(work.editions.get(), clock.now())


class TestReports:
    def report(self, offer, person):
        told = ReportInput(ReportRule.HATE, "Look at it.", "", "")
        return reports.report_thing(
            actor=person, reported=Reported.ADVANCE_COPIES, thing_id=offer.public_id, told=told, at=clock.now()
        )

    def test_by_readers_and_not_by_strangers_to_a_closed_list(self, work, offer, reader):
        make_copy(work, reader)
        assert self.report(offer, reader)
        with pytest.raises(ReportNotAllowed):
            self.report(offer, make_reader())

    def test_a_decision_ends_access_and_says_so(self, client, work, author, reader):
        offer = make_offer(work, takes_requests=True)
        make_copy(work, reader)
        address = reverse("community:thing-report", args=["advance", offer.public_id])
        assert address in client.get(reverse("advance_copies:request", args=[offer.public_id])).content.decode()
        client.force_login(make_reader())
        assert "The Swarm" in client.get(address).content.decode()
        case = self.report(offer, make_reader()).case
        moderation.decide(
            actor=make_moderator(),
            case=case,
            outcome=CaseOutcome.HIDE,
            rule=ReportRule.HATE,
            reason="It degrades people.",
            evidence="The second page.",
            seen=cases.current_subject(case).version,
            at=clock.now(),
        )
        assert not permissions.may_read(reader, work)
        client.force_login(author)
        assert "A moderator has stopped these copies." in client.get(desk(work)).content.decode()
