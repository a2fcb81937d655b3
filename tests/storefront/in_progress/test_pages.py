"""The pages of chapters in progress: the desk's, the person's, and those that everybody reads."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from storefront.community.errors import AlreadyReported
from storefront.community.models import AppealOutcome, CaseOutcome, Reported, ReportRule, ReviewCase
from storefront.community.selectors import cases
from storefront.community.services import moderation, reports
from storefront.community.services.reports import ReportInput, ReportNotAllowed
from storefront.in_progress import selectors
from storefront.in_progress.models import Showing
from tests.factories.accounts import make_author, make_moderator, make_reader
from tests.factories.collaboration import make_collaborator
from tests.factories.publishing import make_published_edition
from tests.storefront.in_progress.conftest import make_draft, show, write

pytestmark = pytest.mark.django_db
GIVEN = {"rule": "other", "words": "Look at it.", "place": "Line 1", "good_faith": "on"}
PICTURE = '<h1>The Lamp</h1><p><img src="../assets/dot.png" alt="A lamp"/></p>'


def page_of(client, name, *args, **query) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


class TestDesk:
    def test_from_off_to_shown_to_ended(self, client, author, draft):
        client.force_login(author)
        address = reverse("in_progress:showing", args=[draft.work.public_id])
        assert address in page_of(client, "work", draft.work.public_id)
        form = {"which": "picked", "chapters": ["c2"], "note": "A first draft.", "is_mine": "on"}
        assert client.post(address, form).status_code == 302
        page = client.get(address).content.decode()
        public = reverse("in_progress:shown", args=[Showing.objects.get().public_id])
        assert public in page
        assert "Readers see the newest text." in page
        write(draft, c2="<h1>The Lamp</h1><p>Brighter.</p>")
        assert "There is a newer text." in client.get(address).content.decode()
        client.post(reverse("in_progress:newest", args=[draft.work.public_id]))
        assert "Readers see the newest text." in client.get(address).content.decode()
        client.post(reverse("in_progress:stop", args=[draft.work.public_id]))
        assert client.get(public).status_code == 404

    @pytest.mark.parametrize(
        ("form", "told"),
        [
            ({"which": ""}, "Choose one."),
            ({"which": "picked", "is_mine": "on"}, "Choose at least one chapter."),
            ({"which": "latest", "is_mine": "on"}, "Say how many of the newest chapters to show."),
            ({"which": "latest", "latest": "1"}, "Confirm that you may show this text."),
            ({"which": "latest", "latest": "0", "is_mine": "on"}, "Enter 1 or more."),
            ({"which": "latest", "latest": "51", "is_mine": "on"}, "Enter 50 or less."),
            ({"which": "picked", "chapters": ["c9"], "is_mine": "on"}, "“c9” is not, or no longer, among"),
            ({"which": "latest", "latest": "1", "is_mine": "on", "note": "x" * 501}, "500"),
        ],
        ids=str,
    )
    def test_gives_a_wrong_form_back(self, client, author, draft, form, told):
        client.force_login(author)
        response = client.post(reverse("in_progress:showing", args=[draft.work.public_id]), form)
        assert response.status_code == 422
        assert told in response.content.decode()
        assert not Showing.objects.exists()

    def test_says_what_a_draft_lacks(self, client, author, draft):
        draft.job.artifacts.all().delete()
        client.force_login(author)
        assert "There are no chapters to show yet." in page_of(client, "in_progress:showing", draft.work.public_id)

    def test_a_co_author_who_may_publish_reaches_it_from_the_shared_text(self, client, draft):
        person = make_collaborator(draft.work, "co_author", may_publish=True).user
        client.force_login(person)
        assert "in-progress" in page_of(client, "collaboration:work", draft.work.public_id)
        page = page_of(client, "in_progress:showing", draft.work.public_id)
        assert reverse("collaboration:work", args=[draft.work.public_id]) in page
        assert reverse("work-price", args=[draft.work.public_id]) not in page

    def test_a_published_book_has_none(self, client, author):
        edition = make_published_edition(owner=author)
        client.force_login(author)
        page = page_of(client, "in_progress:showing", edition.work.public_id)
        assert "its chapters are no longer shown here" in page
        assert "Show to everybody" not in page


class TestPersonsPage:
    def test_shows_title_subject_chapter_day_and_words(self, client, author, draft):
        address = reverse("pages:author", args=[author.public_id])
        assert client.get(address).status_code == 404  # no books on sale
        show(draft, chapters=["c2"], note="The names may change.")
        page = client.get(address).content.decode()
        for shown in ("The Swarm", "Chapter 2: The Lamp", "4 words, shown", "The names may change.", "noindex"):
            assert shown in page
        assert "Follow" not in page

    def test_beside_books_on_sale(self, client, author, draft):
        make_published_edition(owner=author, title="The Comb")
        show(draft, latest=1)
        page = page_of(client, "pages:author", author.public_id)
        for shown in ("The Comb", "The Swarm", "Follow"):
            assert shown in page

    def test_hides_works_for_adults_until_asked(self, client, author):
        show(make_draft(owner=author, is_adult=True), latest=1)
        assert "The Swarm" not in page_of(client, "pages:author", author.public_id)
        assert "1 book for adults (18+) is not shown here." in page_of(client, "pages:author", author.public_id)
        assert "The Swarm" in page_of(client, "pages:author", author.public_id, adult="1")

    def test_of_others_is_as_before(self, client, draft):
        show(draft, latest=1)
        other = make_author()
        make_published_edition(owner=other)
        assert "In progress" not in page_of(client, "pages:author", other.public_id)


class TestReading:
    def test_a_chapter_and_nothing_that_was_not_chosen(self, client, draft):
        write(draft, c2='<h1>The Lamp</h1><p>See <a href="c3.xhtml">there</a>, <a href="c1.xhtml">here</a>.</p>')
        showing = show(draft, chapters=["c1", "c2"])
        page = page_of(client, "in_progress:shown-chapter", showing.public_id, "c2")
        contents = reverse("in_progress:shown", args=[showing.public_id])
        assert f'href="{contents}">there' in page
        assert f'href="{contents}c1/">here' in page
        for chapter in ("c3", "c9", "..%2f"):
            assert client.get(f"{contents}{chapter}/").status_code == 404

    def test_pictures_of_shown_chapters_alone(self, client, draft):
        write(draft, c2=PICTURE)
        showing = show(draft, chapters=["c1"])
        address = reverse("in_progress:shown-picture", args=[showing.public_id, "dot.png"])
        assert client.get(address).status_code == 404
        show(draft, chapters=["c2"])
        assert address in page_of(client, "in_progress:shown-chapter", showing.public_id, "c2")
        assert client.get(address)["Content-Type"] == "image/png"
        assert client.get(address.replace("dot", "other")).status_code == 404

    def test_sets_no_cookie_and_nobody_keeps_it(self, client, draft):
        showing = show(draft, latest=1)
        for name, args in (("shown", []), ("shown-chapter", ["c3"])):
            response = client.get(reverse(f"in_progress:{name}", args=[showing.public_id, *args]))
            assert response["Cache-Control"] == "no-cache"
            assert not response.cookies

    def test_is_not_for_search_engines_unless_the_author_says_so(self, client, draft):
        showing = show(draft, latest=1)
        sitemap = reverse("pages:sitemap", args=["in-progress", 0])
        assert "noindex" in page_of(client, "in_progress:shown-chapter", showing.public_id, "c3")
        assert client.get(sitemap).status_code == 404
        show(draft, latest=1, is_indexed=True)
        assert "noindex" not in page_of(client, "in_progress:shown-chapter", showing.public_id, "c3")
        assert showing.public_id in b"".join(client.get(sitemap).streaming_content).decode()
        assert "in-progress-0.xml" in page_of(client, "pages:sitemaps")

    def test_a_book_for_adults_says_so_and_is_never_listed(self, client, author):
        showing = show(make_draft(owner=author, is_adult=True), latest=1, is_indexed=True)
        page = page_of(client, "in_progress:shown", showing.public_id)
        for shown in ("for adults (18+)", "noindex", 'name="rating"'):
            assert shown in page

    def test_what_is_not_there(self, client, draft):
        for name, args in (("shown", []), ("shown-chapter", ["c1"]), ("shown-picture", ["dot.png"])):
            assert client.get(reverse(f"in_progress:{name}", args=["wip_unknown", *args])).status_code == 404


def report(showing, person=None):
    told = ReportInput(ReportRule.HATE, "Look at it.", "", "")
    return reports.report_thing(
        actor=person or make_reader(),
        reported=Reported.IN_PROGRESS,
        thing_id=showing.public_id,
        told=told,
        at=clock.now(),
    )


def decide(case, outcome=CaseOutcome.HIDE):
    moderation.decide(
        actor=make_moderator(),
        case=case,
        outcome=outcome,
        rule=ReportRule.HATE,
        reason="It degrades people.",
        evidence="The second page.",
        seen=cases.current_subject(case).version,
        at=clock.now(),
    )
    case.refresh_from_db()


class TestReports:
    def test_from_the_page_to_the_list_of_reports(self, client, draft):
        showing = show(draft, latest=1)
        address = reverse("community:thing-report", args=["chapter", showing.public_id])
        assert address in page_of(client, "in_progress:shown-chapter", showing.public_id, "c3")
        client.force_login(make_reader())
        assert "The Swarm" in client.get(address).content.decode()
        assert client.post(address, {"rule": "", "words": ""}).status_code == 422
        assert client.post(address, GIVEN).status_code == 302
        case = ReviewCase.objects.get()
        assert "Rain fell on the water." in cases.current_subject(case).words

    def test_refuses_the_author_a_second_one_and_what_nobody_sees(self, client, draft, author):
        showing, reader = show(draft, latest=1), make_reader()
        report(showing, reader)
        with pytest.raises(AlreadyReported):
            report(showing, reader)
        with pytest.raises(ReportNotAllowed):
            report(showing, author)
        Showing.objects.update(file="")
        with pytest.raises(ReportNotAllowed):
            report(showing)

    def test_a_decision_takes_them_down_and_an_appeal_brings_them_back(self, client, draft, author):
        showing = show(draft, latest=1)
        case = report(showing).case
        decide(case)
        assert selectors.public_showing(showing.public_id) is None
        client.force_login(author)
        assert "A moderator has taken these chapters down." in page_of(
            client, "in_progress:showing", draft.work.public_id
        )
        moderation.appeal(actor=author, case=case, text="It is a quotation.", at=clock.now())
        case.refresh_from_db()
        moderation.decide_appeal(
            actor=make_moderator(),
            case=case,
            outcome=AppealOutcome.OVERTURNED,
            reason="It is.",
            seen=cases.current_subject(case).version,
            at=clock.now(),
        )
        assert selectors.public_showing(showing.public_id) is not None

    def test_a_decision_may_change_nothing(self, draft):
        showing = show(draft, latest=1)
        decide(report(showing).case, CaseOutcome.KEEP)
        assert selectors.public_showing(showing.public_id) is not None
