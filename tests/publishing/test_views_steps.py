"""From manuscript to shop through the pages: what they show, what they refuse, what stays typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from conversion.engine.api import Stage
from conversion.models import JobEvent, JobState
from publishing.models import EditionState, Work
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_finding, make_job, proof_zip
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_split, make_work

pytestmark = pytest.mark.django_db


def a_file(content: bytes = b"# One\n\nText.\n", name: str = "the_lighthouse.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestDesk:
    def test_teaches_a_reader_how_to_begin(self, client):
        client.force_login(make_reader())
        assert b"Start publishing" in client.get(reverse("desk")).content

    def test_teaches_an_author_without_works(self, as_owner):
        assert b"Upload a manuscript" in as_owner.get(reverse("desk")).content

    def test_shows_each_work_with_its_next_step(self, as_owner, owner):
        make_edition(work=make_work(owner=owner, title="Ready"))
        make_published_edition(owner=owner, title="Sold", announce=False)
        make_edition(work=make_work(owner=owner), job=make_job(state=JobState.FAILED, failure_code="source.unreadable"))
        page = as_owner.get(reverse("desk")).content.decode()
        for words in ("Ready", "Finish and publish", "Sold", "View in the shop", "See what to do"):
            assert words in page

    def test_finds_by_title_or_file_name(self, as_owner, owner):
        make_edition(work=make_work(owner=owner, title="Salt and Iron"))
        make_edition(work=make_work(owner=owner, title="Other"))
        page = as_owner.get(reverse("desk"), {"q": "salt"}).content.decode()
        assert "Salt and Iron" in page
        assert "Other" not in page
        assert "Salt and Iron" in as_owner.get(reverse("desk"), {"q": "lighthouse.md"}).content.decode()

    def test_asks_the_database_as_often_for_many_works_as_for_one(self, as_owner, owner):
        counts = []
        for more in (1, 1, 7):  # the first page of a log-in also writes down the device
            for _number in range(more):
                make_edition(work=make_work(owner=owner))
            with CaptureQueriesContext(connection) as asked:
                as_owner.get(reverse("desk"))
            counts.append(len(asked))
        assert counts[1] == counts[2]

    def test_shows_offered_shares(self, client, stranger):
        work = make_work(title="Shared")
        person = make_contributor(work, user=stranger)
        make_edition(work=work)
        make_split(work, {person: 10_000}, consented=False)
        client.force_login(stranger)
        assert "offers you a share of “Shared”" in client.get(reverse("desk")).content.decode()


class TestCreate:
    def test_leads_to_the_proof(self, as_owner, sent):
        response = as_owner.post(reverse("work-create"), {"manuscript": a_file()})
        work = Work.objects.get()
        assert response["Location"] == reverse("work-proof", args=[work.public_id])
        assert sent == [work.editions.get().job.pk]

    @pytest.mark.parametrize(
        ("program", "said", "accepted"),
        [
            ("/usr/bin/pandoc", "LaTeX, Org mode, reStructuredText", True),
            (None, "Save old Word files (.doc), Pages documents and LaTeX", False),
        ],
    )
    def test_says_at_the_door_what_is_read_here(self, as_owner, monkeypatch, program, said, accepted):
        monkeypatch.setattr("publishing.forms.pandoc.program", lambda: program)
        page = as_owner.get(reverse("work-create")).content.decode()
        assert said in " ".join(page.split())
        assert (".tex" in page) is accepted

    def test_says_that_a_file_is_too_large(self, as_owner, settings):
        settings.MAX_MANUSCRIPT_BYTES = 1024 * 1024
        response = as_owner.post(reverse("work-create"), {"manuscript": a_file(b"x" * (1024 * 1024 + 1))})
        assert response.status_code == 422
        assert "larger than the limit of 1 MB" in response.content.decode()

    def test_says_that_a_file_is_empty(self, as_owner):
        response = as_owner.post(reverse("work-create"), {"manuscript": a_file(b"")})
        assert "This file is empty" in response.content.decode()

    def test_refuses_a_reader(self, client):
        client.force_login(make_reader())
        client.post(reverse("work-create"), {"manuscript": a_file()})
        assert not Work.objects.exists()


class TestProof:
    def job_of(self, owner, **fields):
        edition = make_edition(work=make_work(owner=owner), job=make_job(requested_by=owner, **fields))
        return edition, reverse("work-proof", args=[edition.work.public_id])

    def test_tells_what_is_found_while_it_runs(self, as_owner, owner):
        progress = (JobEvent(Stage.READ, clock.now(), {"chapters": 42, "words": 121568}),)
        _edition, address = self.job_of(owner, state=JobState.RUNNING, progress=progress)
        page = as_owner.get(address).content.decode()
        assert "42 chapters found, 121,568 words." in page
        assert "every 1s" in page

    def test_stops_asking_when_it_has_ended(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        page = as_owner.get(reverse("work-proof", args=[edition.work.public_id])).content.decode()
        assert "every 1s" not in page
        assert "PDF, phone" in page
        assert "Rain fell on the water." in page

    def test_says_why_it_failed_and_what_to_do(self, as_owner, owner):
        _edition, address = self.job_of(
            owner, state=JobState.FAILED, failure_code="job.crashed", failure_facts={"attempts": 3}
        )
        page = as_owner.get(address).content.decode()
        assert "in all 3 attempts" in page
        assert "Upload another file" in page

    def test_names_what_was_found_worst_first_once_for_each_code(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(edition.job, code="text.double-spaces", facts={"count": 3})
        make_finding(edition.job, code="cover.drawn", severity="info")
        for label in ("7", "8"):
            make_finding(edition.job, code="note.missing", severity="problem", facts={"label": label})
        page = as_owner.get(reverse("work-proof", args=[edition.work.public_id])).content.decode()
        assert page.index("A note mark (7) has no note.") < page.index("There are double spaces (3).")
        assert "A note mark (8)" not in page
        assert "We designed a cover" not in page
        assert "The files are ready, with 2 remarks." in page

    def test_says_which_chapter_is_being_set(self, as_owner, owner):
        progress = (JobEvent(Stage.PDF, clock.now(), {"chapter": 12, "chapters": 61}),)
        _edition, address = self.job_of(owner, state=JobState.RUNNING, stage="pdf", progress=progress)
        assert "chapter 12 of 61" in as_owner.get(address).content.decode()

    def test_shows_the_first_drawn_pages_while_it_runs(self, as_owner, owner):
        edition, address = self.job_of(owner, state=JobState.RUNNING, stage="proof")
        make_artifact(edition.job, kind="proof", target="phone", content=proof_zip())
        assert (
            reverse("work-sheet-page", args=[edition.work.public_id, "phone", 1])
            in as_owner.get(address).content.decode()
        )

    def test_polling_answers_only_what_is_new(self, as_owner, owner):
        edition, address = self.job_of(owner, state=JobState.RUNNING)
        status = f"{address}status/"
        first = as_owner.get(status)
        assert first.status_code == 200
        assert "<html" not in first.content.decode()
        seen = first.context["version"]
        assert as_owner.get(status, {"seen": seen}).status_code == 204
        edition.job.progress = (JobEvent(Stage.READ, clock.now(), {"chapters": 3}),)
        edition.job.save()
        assert as_owner.get(status, {"seen": seen}).status_code == 200


class TestPreview:
    def test_shows_a_chapter_with_its_neighbours(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        page = as_owner.get(reverse("work-preview-chapter", args=[edition.work.public_id, "c2"])).content.decode()
        assert "<h2>The Lamp</h2>" in page
        assert "Previous: The Harbour" in page
        assert "Next: The Letter" in page

    def test_knows_no_other_chapter(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        address = reverse("work-preview-chapter", args=[edition.work.public_id, "..%2Fbook.json"])
        assert as_owner.get(address).status_code == 404

    @pytest.mark.parametrize("name", ["book.json", "chapters/c1.xhtml", "assets/../book.json", "assets/none.png"])
    def test_serves_pictures_only(self, as_owner, owner, name):
        edition = make_edition(work=make_work(owner=owner))
        assert as_owner.get(reverse("work-preview-file", args=[edition.work.public_id, name])).status_code == 404


class TestFiles:
    def test_gives_makers_their_file_unstamped_under_a_speaking_name(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, title="The Lamp"))
        pdf = edition.job.artifacts.get(target="phone")
        response = as_owner.get(reverse("work-artifact", args=[edition.work.public_id, pdf.public_id]))
        assert b"".join(response.streaming_content) == b"pdf phone"
        assert response["Content-Disposition"] == 'attachment; filename="the-lamp-phone.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]

    def test_does_not_give_a_file_of_another_work(self, as_owner, owner):
        mine = make_edition(work=make_work(owner=owner))
        theirs = make_edition().job.artifacts.get(kind="epub")
        assert as_owner.get(reverse("work-artifact", args=[mine.work.public_id, theirs.public_id])).status_code == 404

    def test_gives_the_manuscript_as_uploaded(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        address = reverse("work-manuscript-file", args=[edition.work.public_id, edition.manuscript.public_id])
        response = as_owner.get(address)
        assert b"".join(response.streaming_content) == b"# The Harbour\n\nRain.\n"


class TestPrice:
    @pytest.mark.parametrize(("typed", "minor"), [("4.99", 499), ("4,99", 499), ("5", 500), ("0", 0)])
    def test_reads_amounts_as_people_type_them(self, as_owner, owner, typed, minor):
        edition = make_edition(work=make_work(owner=owner, prices={}))
        response = as_owner.post(reverse("work-price", args=[edition.work.public_id]), {"USD": typed})
        assert response["Location"] == reverse("work-publish", args=[edition.work.public_id])
        assert dict(edition.work.prices.values_list("currency", "list_price_minor")) == {"USD": minor}

    @pytest.mark.parametrize("typed", ["4.999", "-1", "much", "1e9"])
    def test_keeps_what_was_typed_and_says_what_is_wrong(self, as_owner, owner, typed):
        edition = make_edition(work=make_work(owner=owner, prices={}))
        response = as_owner.post(reverse("work-price", args=[edition.work.public_id]), {"USD": typed, "EUR": "3.50"})
        assert response.status_code == 422
        page = response.content.decode()
        assert f'value="{typed}"' in page
        assert 'value="3.50"' in page
        assert not edition.work.prices.exists()

    def test_asks_for_one_price_at_least(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, prices={}))
        response = as_owner.post(reverse("work-price", args=[edition.work.public_id]), {"USD": ""})
        assert "Enter a price in at least one currency" in response.content.decode()

    def test_points_to_what_a_price_brings(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, prices={"USD": 699}))
        page = as_owner.get(reverse("work-price", args=[edition.work.public_id])).content.decode()
        assert f"/earnings/preview/?work={edition.work.public_id}&amp;currency=USD&amp;price_minor=699" in page


class TestPublish:
    def test_publishes_and_links_to_the_shop(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(reverse("work-publish", args=[edition.work.public_id]), follow=True)
        edition.refresh_from_db()
        assert edition.state == EditionState.PUBLISHED
        assert f"/books/{edition.work.slug}/" in response.content.decode()

    def test_lists_what_is_missing_with_the_way_there(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, prices={}))
        address = reverse("work-publish", args=[edition.work.public_id])
        page = as_owner.get(address).content.decode()
        assert reverse("work-price", args=[edition.work.public_id]) in page
        assert "Publish now" not in page
        assert as_owner.post(address).status_code == 409
        edition.refresh_from_db()
        assert edition.state == EditionState.DRAFT

    def test_withdraws_after_asking_and_puts_back(self, as_owner, owner):
        edition = make_published_edition(owner=owner, announce=False)
        withdraw = reverse("edition-withdraw", args=[edition.work.public_id, edition.public_id])
        assert "keep it" in as_owner.get(withdraw).content.decode()
        as_owner.post(withdraw)
        edition.refresh_from_db()
        assert edition.state == EditionState.WITHDRAWN
        as_owner.post(reverse("edition-publish", args=[edition.work.public_id, edition.public_id]))
        edition.refresh_from_db()
        assert edition.state == EditionState.PUBLISHED


class TestOnSale:
    """A book that was on sale has pages, not steps to a shop where it is already."""

    def page(self, as_owner, work, name="work"):
        return as_owner.get(reverse(name, args=[work.public_id])).content.decode()

    def test_a_first_draft_is_led_through_five_steps(self, as_owner, owner):
        draft = make_edition(work=make_work(owner=owner))
        page = self.page(as_owner, draft.work)
        assert "From manuscript to shop" in page
        assert "Pages of this book" not in page

    @pytest.mark.parametrize("name", ["work", "work-proof", "work-details", "work-price", "work-manuscript"])
    def test_a_book_on_sale_has_pages(self, as_owner, owner, name):
        book = make_published_edition(owner=owner)
        page = self.page(as_owner, book.work, name)
        assert "From manuscript to shop" not in page
        tabs = page.partition('aria-label="Pages of this book"')[2].partition("</nav>")[0]
        assert tabs.count("<a ") == 5
        assert tabs.count('aria-current="page"') == 1
        assert "Overview" in tabs
        assert "Publish changes" not in tabs, "there are none"

    @pytest.mark.parametrize("state", [JobState.RUNNING, JobState.DONE, JobState.FAILED])
    def test_stays_on_sale_while_its_next_edition_is_made(self, as_owner, owner, state):
        book = make_published_edition(owner=owner)
        failure = {"failure_code": "source.unreadable"} if state == JobState.FAILED else {}
        make_edition(work=book.work, number=2, job=make_job(state=state, **failure))
        head = self.page(as_owner, book.work).partition('id="work-state"')[2].partition("</div>")[0]
        assert "On sale" in head
        assert head.count("chip") >= 2
        assert "Publish changes" in self.page(as_owner, book.work)

    def test_one_that_was_taken_off_sale_does_not_say_so(self, as_owner, owner):
        book = make_published_edition(owner=owner)
        book.state = EditionState.WITHDRAWN
        book.save()
        make_edition(work=book.work, number=2)
        assert "On sale" not in self.page(as_owner, book.work).partition('id="work-state"')[2].partition("</div>")[0]

    def test_has_its_address_to_share(self, as_owner, owner, settings):
        book = make_published_edition(owner=owner, slug="the-lamp")
        address = f"{settings.SITE_URL}/books/the-lamp/"
        assert f'data-copy="{address}"' in self.page(as_owner, book.work)
        draft = make_edition(work=make_work(owner=owner))
        assert "data-copy" not in self.page(as_owner, draft.work)


class TestPeople:
    def test_credits_proposes_and_asks(self, as_owner, owner, stranger, client):
        edition = make_edition(work=make_work(owner=owner))
        public_id = edition.work.public_id
        as_owner.post(
            reverse("work-people-add", args=[public_id]), {"name": "Sam", "role": "ill", "email": stranger.email}
        )
        ours, theirs = edition.work.contributors.order_by("position")
        client.force_login(stranger)
        client.post(reverse("credit", args=[theirs.public_id]), {"answer": "yes"})
        client.force_login(owner)
        as_owner.post(reverse("work-split", args=[public_id]), {ours.public_id: "66.67", theirs.public_id: "33,33"})
        agreement = edition.work.split_agreements.first()
        assert [share.share_bps for share in agreement.shares.all()] == [6667, 3333]
        client.force_login(stranger)
        client.post(reverse("split-consent", args=[agreement.public_id]), {"answer": "yes"})
        agreement = edition.work.split_agreements.first()
        assert agreement.is_consented

    def test_keeps_shares_that_do_not_add_up(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        ours, theirs = edition.work.contributors.get(), make_contributor(edition.work, user=make_reader())
        shares = {ours.public_id: "99.5", theirs.public_id: "0"}
        response = as_owner.post(reverse("work-split", args=[edition.work.public_id]), shares)
        page = response.content.decode()
        assert "add up to 99.5%" in page
        assert 'value="99.5"' in page


class TestDeleteDraft:
    def address(self, work) -> str:
        return reverse("work-delete", args=[work.public_id])

    def test_names_what_is_lost_and_asks_once(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_contributor(edition.work, user=make_reader(), name="Ben Ink")
        page = as_owner.get(self.address(edition.work)).content.decode()
        for words in ("This deletes the whole book", "the manuscript the_lighthouse.md", "the credit of Ben Ink"):
            assert words in page
        assert as_owner.post(self.address(edition.work))["Location"] == reverse("desk")
        assert not Work.objects.exists()

    def test_a_failed_one_offers_it_on_the_desk(self, as_owner, owner):
        job = make_job(state=JobState.FAILED, failure_code="source.unreadable")
        edition = make_edition(work=make_work(owner=owner), job=job)
        assert self.address(edition.work) in as_owner.get(reverse("desk")).content.decode()

    def test_says_why_a_book_that_was_on_sale_stays(self, as_owner, owner):
        edition = make_published_edition(owner=owner)
        response = as_owner.post(self.address(edition.work))
        assert response.status_code == 409
        assert "This book has been on sale, so it cannot be deleted" in response.content.decode()


class TestPublishTells:
    def page(self, client, edition) -> str:
        return " ".join(client.get(reverse("work-publish", args=[edition.work.public_id])).content.decode().split())

    def test_what_readers_will_notice_instead_of_that_all_is_well(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        make_finding(
            edition.job,
            code="text.placeholder",
            severity="problem",
            chapter="Chapter 25",
            quote="TODO: fix the ending",
            facts={"text": "TODO"},
        )
        page = self.page(as_owner, edition)
        assert "readers will notice 1 thing" in page
        assert "Chapter 25" in page
        assert "TODO: fix the ending" in page
        assert "Everything is ready." not in page

    def test_that_everything_is_in_place_when_it_is(self, as_owner, owner):
        assert "Everything is ready." in self.page(as_owner, make_edition(work=make_work(owner=owner)))

    def test_each_state_in_a_sentence(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, subject="", prices={}), job=make_job())
        page = self.page(as_owner, edition)
        for words in ("The files are not ready yet", "No price yet", "No subject yet", "Title added"):
            assert words in page
        assert "missing</span>" not in page


class TestNothingTypedIsLost:
    def test_a_stale_price_asks_too(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner, prices={"USD": 499}))
        address = reverse("work-price", args=[edition.work.public_id])
        seen = as_owner.get(address).context["form"]["seen"].value()
        edition.work.prices.update(list_price_minor=799)
        response = as_owner.post(address, {"seen": seen, "USD": "4.99", "EUR": "5.49"})
        assert response.status_code == 422
        assert edition.work.prices.get().list_price_minor == 799

    @pytest.mark.parametrize("name", ["work-details", "work-price", "work-territory", "work-release"])
    def test_leaving_is_guarded(self, as_owner, owner, name):
        edition = make_edition(work=make_work(owner=owner))
        assert b"data-guard" in as_owner.get(reverse(name, args=[edition.work.public_id])).content
