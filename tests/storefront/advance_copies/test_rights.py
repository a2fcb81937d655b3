"""Who reads what with an advance copy: in the reader, in the library, as files, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from common.errors import NotFound
from conversion.models import ConversionJob
from publishing.models import Work
from publishing.services import drafts
from royalties.models import JournalEntry
from storefront.advance_copies.models import Copy, Offer
from storefront.advance_copies.services import copies, offers
from storefront.checkout import permissions
from storefront.checkout.models import AccessRecord, Entitlement, Preorder
from storefront.checkout.preorders.services import preorders
from storefront.library.selectors import library
from storefront.reading.selectors import books, note_lists
from storefront.reading.selectors import typos as typo_selectors
from storefront.reading.services import typos
from storefront.reading.services.typos import TypoInput
from tests.factories.accounts import make_author, make_finance, make_moderator, make_reader
from tests.factories.advance_copies import invite, make_copy, make_draft, make_offer, make_request, rewrite
from tests.factories.buying import buy
from tests.factories.collaboration import make_collaborator
from tests.factories.conversion import make_done_job
from tests.factories.offers import make_awaited
from tests.factories.publishing import make_contributor, make_published_edition
from tests.factories.reading import make_note
from tests.storefront.advance_copies.conftest import publish

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def copy(work, reader) -> Copy:
    return make_copy(work, reader)


def files_of(work: Work) -> str:
    return work.editions.get().job.artifacts.get(kind="epub").public_id


def after(day, hours: float = 0) -> object:
    return clock.frozen(clock.end_of_day(day) + timedelta(hours=hours))


class TestWhoReads:
    def test_the_reader_of_the_copy_and_nobody_else(self, work, reader, copy):
        assert permissions.may_read(reader, work)
        assert permissions.readable_works(reader, [work.pk]) == {work.pk}
        for other in (make_reader(), make_author(), make_finance(), make_collaborator(work, "early_reader").user):
            assert not permissions.may_read(other, work)
            assert not permissions.may_download(other, work)
            assert permissions.readable_works(other, [work.pk]) == set()

    def test_nobody_before_they_accept(self, work, reader):
        make_offer(work, takes_requests=True)
        invite(work, reader.email)
        make_request(work, reader)
        assert not permissions.may_read(reader, work)

    def test_only_the_work_that_was_given(self, author, reader, copy):
        other = make_published_edition(owner=author).work
        assert not permissions.may_read(reader, other)

    def test_reads_the_whole_draft_in_the_browser(self, client, work, reader, copy):
        reading = books.full_book(work.slug, reader)
        assert reading is not None
        assert reading.is_draft
        assert len(reading.book.chapters) == 3
        client.force_login(reader)
        assert client.get(reverse("reading:read", args=[work.slug])).status_code == 200
        assert client.get(reverse("reading:plain", args=[work.slug])).status_code == 200
        path = reverse("reading:file", args=[work.slug, reading.edition.public_id, "chapters/c1.xhtml"])
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store", "the same edition will have another text"
        client.force_login(make_reader())
        assert client.get(reverse("reading:read", args=[work.slug])).status_code == 404
        assert client.get(path).status_code == 404

    def test_a_device_keeps_no_draft(self, client, work, reader, copy):
        client.force_login(reader)
        edition = work.editions.get()
        assert client.get(reverse("reading:archive", args=[work.slug, edition.public_id])).status_code == 404
        publish(edition, clock.now())
        answer = client.get(reverse("reading:archive", args=[work.slug, edition.public_id]))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


class TestFiles:
    def test_as_bought_ones(self, client, work, reader, copy):
        client.force_login(reader)
        answer = client.get(reverse("library:file", args=[work.public_id, files_of(work)]), follow=True)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/epub+zip"
        assert b"".join(answer.streaming_content)
        [book] = library.advance_copies_of(reader)
        assert [file.name for file in book.files]

    def test_not_where_the_copy_is_for_the_browser(self, client, work, reader):
        copy = make_copy(work, reader, may_download=False)
        assert permissions.may_read(reader, work)
        assert not permissions.may_download(reader, work)
        with pytest.raises(NotFound):
            library.file_for(user=reader, work_id=work.public_id, artifact_id=files_of(work))
        [book] = library.advance_copies_of(reader)
        assert book.files == ()
        publish(work.editions.get(), clock.now())
        client.force_login(reader)
        edition = work.editions.get()
        assert client.get(reverse("reading:archive", args=[work.slug, edition.public_id])).status_code == 404
        assert copy.was_accepted


class TestTheEnd:
    def test_by_the_clock_once_the_day_is_over_everywhere(self, work, reader, copy):
        with after(copy.last_day, -0.1):
            assert permissions.may_read(reader, work)
        with after(copy.last_day, 0.1):
            assert not permissions.may_read(reader, work)
            assert not permissions.may_download(reader, work)
            assert library.advance_copies_of(reader) == []

    def test_says_so_and_offers_the_book(self, client, work, reader, copy):
        publish(work.editions.get(), clock.now())
        client.force_login(reader)
        with after(copy.last_day, 1):
            answer = client.get(reverse("reading:read", args=[work.slug]), follow=True)
            page = answer.content.decode()
        assert "Your advance copy has ended" in page
        assert reverse("pages:book", args=[work.slug]) in page
        assert reverse("library:wish-add") in page
        assert reverse("community:review", args=[work.slug]) in page

    def test_notes_stay(self, work, reader, copy):
        note = make_note(reader, work.editions.get(), "")
        with after(copy.last_day, 1):
            found = note_lists.book_of_notes([reader], work.public_id)
            assert found.count == 1
            assert not found.is_readable
        assert note.pk

    def test_when_the_author_withdraws_it(self, work, author, reader, copy):
        copies.withdraw(actor=author, copy=copy, words="", at=clock.now())
        assert not permissions.may_read(reader, work)

    @pytest.mark.parametrize(
        "stop",
        [
            lambda work: type(work.owner).objects.filter(pk=work.owner_id).update(is_active=False),
            lambda work: Work.objects.filter(pk=work.pk).update(held_by="cas_1"),
            lambda work: Offer.objects.update(is_hidden=True),
        ],
    )
    def test_with_the_authors_account_a_hold_and_a_decision(self, work, reader, copy, stop):
        stop(work)
        assert not permissions.may_read(reader, Work.objects.get(pk=work.pk))

    def test_not_when_no_more_copies_are_given(self, work, author, reader, copy):
        offers.close(actor=author, work=work)
        assert permissions.may_read(reader, work)

    def test_a_closed_account_reads_nothing(self, work, reader, copy):
        reader.is_active = False
        reader.save()
        assert not permissions.may_read(reader, work)


class TestText:
    def test_stays_as_it_was_given_until_the_author_says_so(self, work, author, reader, copy):
        edition = work.editions.get()
        given = books.full_book(work.slug, reader)
        edition.job = make_done_job(requested_by=author)
        edition.save(update_fields=["job"])
        rewrite(edition, c1="<h1>The Harbour</h1><p>Snow.</p>")
        assert books.full_book(work.slug, reader).book.file == given.book.file
        offers.use_newest_text(actor=author, work=work)
        assert books.full_book(work.slug, reader).book.file != given.book.file

    def test_the_given_files_outlive_the_next_upload(self, work, author, reader, copy):
        edition = work.editions.get()
        old = edition.job
        edition.job = make_done_job(requested_by=author)
        edition.save(update_fields=["job"])
        drafts.forget_jobs(ConversionJob.objects.filter(pk=old.pk))
        assert books.full_book(work.slug, reader) is not None
        Offer.objects.all().delete()
        drafts.forget_jobs(ConversionJob.objects.filter(pk=old.pk))
        assert not ConversionJob.objects.filter(pk=old.pk).exists()

    def test_is_the_edition_on_sale_once_there_is_one(self, work, author, reader, copy):
        edition = work.editions.get()
        edition.job = make_done_job(requested_by=author)
        edition.save(update_fields=["job"])
        rewrite(edition, c1="<h1>The Harbour</h1><p>Snow.</p>")
        publish(edition, clock.now())
        assert books.full_book(work.slug, reader).edition.job == edition.job
        assert Offer.objects.get().job is None

    def test_a_reported_typo_follows_its_words_too(self, work, author, reader, copy):
        edition = work.editions.get()
        rewrite(edition, c1="<h1>The Harbour</h1><p>Rain fel on the quay.</p>")
        offers.use_newest_text(actor=author, work=work)
        told = TypoInput(block=1, start=5, end=8, words="fel", replacement="fell")
        typos.report_typo(actor=reader, edition=books.full_book(work.slug, reader).edition, told=told, at=clock.now())
        edition.job = make_done_job(requested_by=author)
        edition.save(update_fields=["job"])
        rewrite(edition, c1="<h1>The Harbour</h1><p>Nothing of it is left.</p>")
        publish(edition, clock.now() + timedelta(minutes=1))
        [finding] = typo_selectors.findings_of(work)
        assert (finding.removed, finding.added, finding.place) == ("fel", "fell", "changed")

    def test_a_deleted_draft_takes_the_copies_along(self, work, author, reader, copy):
        drafts.delete_draft(actor=author, work=work)
        assert not Copy.objects.exists()

    def test_a_highlight_follows_its_words_into_the_published_text(self, work, author, reader, copy):
        edition = work.editions.get()
        rewrite(edition, c1="<h1>The Harbour</h1><p>Rain fell on the quay.</p>")
        offers.use_newest_text(actor=author, work=work)
        note = make_note(reader, edition, "fell on the quay")
        edition.job = make_done_job(requested_by=author)
        edition.save(update_fields=["job"])
        rewrite(edition, c1="<h1>The Harbour</h1><p>A new beginning.</p><p>Rain fell on the quay.</p>")
        publish(edition, clock.now() + timedelta(minutes=1))
        [chapter] = note_lists.book_of_notes([reader], work.public_id).chapters
        assert [one.state for one in chapter.notes] == ["moved"]
        rewrite(edition, c1="<h1>The Harbour</h1><p>Nothing of it is left.</p>")
        found = note_lists.book_of_notes([reader], work.public_id)
        assert [one.exact for one in found.unplaced] == ["fell on the quay"]
        assert note.pk


class TestNoSale:
    def test_nothing_is_sold_and_nothing_recorded(self, client, work, reader, copy):
        before = JournalEntry.objects.count()
        client.force_login(reader)
        file = client.get(reverse("library:file", args=[work.public_id, files_of(work)]), follow=True)
        assert b"".join(file.streaming_content)
        client.get(reverse("reading:chapter", args=[work.slug, "c1"]))
        assert not Entitlement.objects.exists()
        assert not AccessRecord.objects.exists(), "the author never learns what was read"
        assert JournalEntry.objects.count() == before
        listing = getattr(publish(work.editions.get(), clock.now()).work, "listing", None)
        assert listing is None or listing.sales_count == 0

    @pytest.mark.usefixtures("postman")
    def test_the_book_can_be_bought_all_the_same(self, client, work, reader, copy):
        edition = publish(work.editions.get(), clock.now())
        client.force_login(reader)
        assert "You own this" not in client.get(reverse("pages:book", args=[work.slug])).content.decode()
        buy(reader, edition)
        assert library.advance_copies_of(reader) == [], "it stands among the bought books"
        assert [book.slug for book in library.library_of(reader)] == [work.slug]
        with after(copy.last_day, 1):
            assert permissions.may_read(reader, work)

    @pytest.mark.usefixtures("postman")
    def test_a_preorder_waits_for_the_book_and_not_for_its_advance_copies(self, reader):
        awaited = make_awaited()
        rewrite(awaited)
        make_offer(awaited.work)
        order = buy(reader, awaited)
        preorder = Preorder.objects.get(line__order=order)
        assert not preorders.supply(preorder_id=preorder.pk, at=clock.now())
        assert not permissions.may_read(reader, awaited.work)

    def test_makers_and_staff_read_as_before(self, work, author, copy):
        person = make_author()
        make_contributor(work, user=person)
        assert permissions.may_read(author, work)
        assert permissions.may_read(person, work)
        assert not permissions.may_read(make_moderator(), work)


class TestShelf:
    def test_shows_the_day(self, client, work, reader, copy):
        client.force_login(reader)
        page = client.get(reverse("library:books")).content.decode()
        assert "Advance copy until" in page
        assert "The Swarm" in page
        assert reverse("pages:book", args=[work.slug]) not in page, "there is no page of it yet"

    def test_takes_a_fixed_number_of_queries(self, reader, author, django_assert_num_queries):
        for _number in range(3):
            make_copy(make_draft(author).work, reader)
        with django_assert_num_queries(8):
            assert len(library.advance_copies_of(reader)) == 3
