"""Creating works and describing them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from common import clock, storage
from common.errors import NotAllowed, NotFound
from conversion.engine.api import Stage
from conversion.models import ConversionJob, JobEvent, JobState
from publishing import errors, services
from publishing.models import Work
from publishing.services import Details
from tests.factories.accounts import make_author, make_operator, make_reader
from tests.factories.conversion import RESULT
from tests.factories.pictures import picture
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db

DETAILS = Details(
    title="The Lighthouse",
    subtitle="",
    language="en",
    description="A keeper and a letter.",
    subject="FB",
    imprint="",
    sample_bps=1000,
)


def upload(owner, content=b"# One\n\nText.\n", name="the_light-house.md", at=None):
    return services.create_work(actor=owner, content=io.BytesIO(content), name=name, at=at)


def manuscript(content=b"# One\n\nText.\n"):
    return SimpleUploadedFile("one.md", content)


def end_job(work: Work, **result) -> ConversionJob:
    job = work.editions.get().job
    job.state, job.result = JobState.DONE, replace(RESULT, **result)
    job.save()
    return job


class TestAFormSentTwice:
    TOKEN = UUID("6d9f3f1e-6b1a-4c3c-9a59-6a3b7f6f0b1d")

    def test_makes_one_work(self, client, owner, sent):
        client.force_login(owner)
        form = client.get("/desk/works/new/").context["form"]
        token = str(form["form_token"].value())
        answers = [
            client.post("/desk/works/new/", {"manuscript": manuscript(), "form_token": token})["Location"]
            for _ in range(2)
        ]
        assert answers[0] == answers[1]
        assert Work.objects.count() == len(sent) == 1

    def test_makes_one_work_that_is_written_here(self, client, owner):
        client.force_login(owner)
        token = str(client.get("/desk/works/new/").context["begin_form"]["form_token"].value())
        fields = {"title": "Salt", "language": "en", "form_token": token}
        answers = {client.post(reverse("work-begin"), fields)["Location"] for _ in range(2)}
        assert len(answers) == Work.objects.count() == 1

    def test_makes_another_of_another_file(self, client, owner):
        client.force_login(owner)
        for content in (b"# One\n\nText.\n", b"# Two\n\nOther text.\n"):
            client.post("/desk/works/new/", {"manuscript": manuscript(content), "form_token": str(self.TOKEN)})
        assert Work.objects.count() == 2

    def test_without_a_token_makes_two(self, owner, noon):
        assert upload(owner, at=noon) != upload(owner, at=noon)

    def test_of_somebody_else_is_another(self, owner, noon):
        other = make_author()
        works = [
            services.create_work(actor=who, content=io.BytesIO(b"# One"), name="a.md", form_token=self.TOKEN, at=noon)
            for who in (owner, other)
        ]
        assert [work.owner for work in works] == [owner, other]

    def test_is_found_before_any_limit(self, owner, noon, settings):
        settings.MAX_DRAFTS = 1
        works = {
            services.begin_work(actor=owner, title="Salt", language="en", form_token=self.TOKEN, at=noon)
            for _ in range(2)
        }
        assert len(works) == 1


class TestCreateWork:
    def test_stores_the_manuscript_untouched_and_asks_for_its_files(self, owner, noon, sent):
        work = upload(owner, b"\xef\xbb\xbf# One\r\n", at=noon)
        edition = work.editions.get()
        with storage.private().open(edition.manuscript.file) as file:
            assert file.read() == b"\xef\xbb\xbf# One\r\n"
        assert edition.manuscript.sha256 in edition.manuscript.file
        assert edition.identifier.startswith("urn:uuid:")
        assert sent == [edition.job.pk]

    def test_guesses_the_address_from_the_file_name(self, owner, noon):
        first, second = upload(owner, at=noon), upload(owner, at=noon)
        assert first.slug == "the-light-house"
        assert second.slug.startswith("the-light-house-")
        assert first.title == "", "only the manuscript knows"

    def test_credits_the_uploader_with_the_whole_royalty(self, owner, noon):
        work = upload(owner, at=noon)
        share = work.split_agreements.get().shares.get()
        assert (share.contributor.user, share.share_bps, share.consented_at) == (owner, 10_000, noon)
        options = work.editions.get().job.options
        assert [person.name for person in options.overrides.contributors] == ["Ada Quill"]

    def test_refuses_an_empty_file(self, owner, noon):
        with pytest.raises(errors.ManuscriptEmpty):
            upload(owner, b"", at=noon)
        assert not Work.objects.exists()

    def test_refuses_a_file_over_the_limit_and_names_it(self, owner, noon, settings):
        settings.MAX_MANUSCRIPT_BYTES = 2 * 1024 * 1024
        with pytest.raises(errors.ManuscriptTooLarge, match="2 MB"):
            upload(owner, b"x" * (2 * 1024 * 1024 + 1), at=noon)

    def test_refuses_a_reader(self, noon):
        with pytest.raises(NotAllowed):
            upload(make_reader(), at=noon)

    def test_keeps_no_folder_of_the_authors_machine(self, owner, noon):
        work = upload(owner, name="C:\\Users\\ada\\book.md", at=noon)
        assert work.editions.get().manuscript.name == "book.md"


class TestAdoptResult:
    def test_fills_empty_details_and_the_address(self, owner, noon):
        work = upload(owner, at=noon)
        end_job(work, title="Salt and Iron", language="en-GB", description="A novel.")
        assert services.fill_details_from_conversion(work=work, at=noon)
        assert (work.title, work.language, work.description) == ("Salt and Iron", "en-GB", "A novel.")
        assert work.slug == "salt-and-iron"

    def test_tidies_what_the_manuscript_says(self, owner, noon):
        work = upload(owner, at=noon)
        end_job(work, title="Salt\vand\nIron", subtitle="A\x01 novel", description="A keeper.\fA lamp.\x02")
        services.fill_details_from_conversion(work=work, at=noon)
        assert (work.title, work.subtitle) == ("Salt and Iron", "A novel")
        assert work.description == "A keeper.\nA lamp."

    def test_the_authors_name_is_no_subtitle(self, owner, noon):
        work = upload(owner, at=noon)
        end_job(work, title="Salt and Iron", subtitle=owner.display_name.upper())
        services.fill_details_from_conversion(work=work, at=noon)
        assert work.subtitle == ""

    def test_keeps_what_the_author_typed_meanwhile(self, owner, noon):
        work = upload(owner, at=noon)
        services.update_details(actor=owner, work=work, details=DETAILS, at=noon)
        end_job(work, title="Salt and Iron", subtitle="A novel")
        work.refresh_from_db()
        services.fill_details_from_conversion(work=work, at=noon)
        assert (work.title, work.subtitle) == ("The Lighthouse", "A novel")

    def test_does_so_once(self, owner, noon):
        work = upload(owner, at=noon)
        end_job(work, subtitle="A novel")
        services.fill_details_from_conversion(work=work, at=noon)
        Work.objects.filter(pk=work.pk).update(subtitle="")
        work.refresh_from_db()
        assert not services.fill_details_from_conversion(work=work, at=noon)
        assert work.subtitle == "", "emptied on purpose"

    def test_waits_until_the_manuscript_is_read(self, owner, noon):
        assert not services.fill_details_from_conversion(work=upload(owner, at=noon), at=noon)

    def read_job(self, work: Work) -> ConversionJob:
        job = work.editions.get().job
        facts = {"chapters": 3, "title": "Salt and Iron", "subtitle": "A novel", "language": "en-GB"}
        job.state, job.progress = JobState.RUNNING, (JobEvent(Stage.READ, clock.now(), facts),)
        job.save()
        return job

    def test_takes_title_and_language_as_soon_as_it_is_and_the_rest_at_the_end(self, owner, noon):
        work = upload(owner, at=noon)
        self.read_job(work)
        assert services.fill_details_from_conversion(work=work, at=noon)
        assert (work.title, work.subtitle, work.language) == ("Salt and Iron", "A novel", "en-GB")
        assert not services.fill_details_from_conversion(work=work, at=noon), "nothing new"
        end_job(work, title="Salt and Iron", description="A keeper.")
        assert services.fill_details_from_conversion(work=work, at=noon)
        assert (work.description, work.details_read_at) == ("A keeper.", noon)

    def test_saving_what_was_found_makes_nothing_again(self, owner, noon, sent):
        work = upload(owner, at=noon)
        job = self.read_job(work)
        services.fill_details_from_conversion(work=work, at=noon)
        found = replace(DETAILS, title=work.title, subtitle=work.subtitle, language=work.language)
        services.update_details(actor=owner, work=work, details=found, at=noon)
        assert sent == [job.pk]
        services.update_details(actor=owner, work=work, details=replace(found, title="The Lamp"), at=noon)
        assert len(sent) == 2


class TestUpdateDetails:
    def test_makes_the_files_again_when_they_carry_the_detail(self, owner, noon, sent):
        edition = make_edition(work=make_work(owner=owner))
        services.update_details(actor=owner, work=edition.work, details=replace(DETAILS, title="The Lamp"), at=noon)
        edition.refresh_from_db()
        assert sent == [edition.job.pk]
        assert edition.job.options.overrides.title == "The Lamp"

    @pytest.mark.parametrize("change", [{"description": "Another."}, {"subject": "DC"}, {"reading_age": 8}])
    def test_leaves_the_files_alone_when_only_the_shop_shows_it(self, owner, noon, sent, change):
        edition = make_edition(work=make_work(owner=owner))
        services.update_details(actor=owner, work=edition.work, details=replace(DETAILS, **change), at=noon)
        assert sent == []

    @pytest.mark.parametrize("age", [0, 8, 18, None])
    def test_keeps_the_reading_age(self, owner, noon, age):
        work = make_work(owner=owner, reading_age=12)
        services.update_details(actor=owner, work=work, details=replace(DETAILS, reading_age=age), at=noon)
        work.refresh_from_db()
        assert work.reading_age == age

    @pytest.mark.both
    def test_no_work_is_for_readers_above_eighteen_only(self, owner):
        with pytest.raises(IntegrityError, match="work_reading_age_range"):
            make_work(owner=owner, reading_age=19)

    def test_stops_the_job_that_makes_files_of_old_details(self, owner, noon):
        work = upload(owner, at=noon)
        old = work.editions.get().job
        services.update_details(actor=owner, work=work, details=DETAILS, at=noon)
        old.refresh_from_db()
        assert old.state == JobState.CANCELED
        assert work.editions.get().job != old

    def test_tells_the_shop_of_a_published_work_and_keeps_its_address_and_files(self, owner, noon, monkeypatch, sent):
        heard = []
        edition = make_published_edition(owner=owner)
        slug, job = edition.work.slug, edition.job
        monkeypatch.setattr("publishing.hooks._listed", [heard.append])
        work = services.update_details(
            actor=owner, work=edition.work, details=replace(DETAILS, title="The Lamp"), at=noon
        )
        edition.refresh_from_db()
        assert (work.slug, edition.job) == (slug, job)
        assert [(listed, listed.work.title) for listed in heard] == [(edition, "The Lamp")]
        assert sent == []

    def test_hides_the_work_from_strangers(self, stranger, noon):
        with pytest.raises(NotFound):
            services.update_details(actor=stranger, work=make_work(), details=DETAILS, at=noon)

    def test_refuses_an_operator(self, noon):
        with pytest.raises(NotAllowed):
            services.update_details(actor=make_operator(), work=make_work(), details=DETAILS, at=noon)

    @pytest.mark.parametrize(("role", "may"), [("aut", True), ("edt", True), ("ill", False)])
    def test_lets_co_authors_by_their_role(self, stranger, noon, role, may):
        work = make_work()
        make_contributor(work, user=stranger, role=role)
        if may:
            services.update_details(actor=stranger, work=work, details=DETAILS, at=noon)
        else:
            with pytest.raises(NotAllowed):
                services.update_details(actor=stranger, work=work, details=DETAILS, at=noon)


class TestUploadManuscript:
    def test_prepares_the_next_edition_beside_the_one_on_sale(self, owner, noon):
        published = make_published_edition(owner=owner)
        edition = services.upload_manuscript(
            actor=owner, work=published.work, content=io.BytesIO(b"# New"), name="new.md", at=noon
        )
        published.refresh_from_db()
        assert (edition.number, edition.state, published.state) == (2, "draft", "published")

    def test_takes_the_place_of_the_draft(self, owner, noon):
        draft = make_edition(work=make_work(owner=owner))
        edition = services.upload_manuscript(
            actor=owner, work=draft.work, content=io.BytesIO(b"# New"), name="new.md", at=noon
        )
        assert edition.pk == draft.pk
        assert draft.work.manuscripts.count() == 2, "the older one is kept"

    def test_hides_the_work_from_strangers(self, stranger, noon):
        with pytest.raises(NotFound):
            services.upload_manuscript(
                actor=stranger, work=make_work(), content=io.BytesIO(b"# New"), name="new.md", at=noon
            )


class TestSetCover:
    def test_makes_the_files_again_with_the_picture(self, owner, noon):
        edition = make_edition(work=make_work(owner=owner))
        work = services.set_cover(
            actor=owner, work=edition.work, content=io.BytesIO(picture()), name="front.jpg", at=noon
        )
        edition.refresh_from_db()
        assert edition.job.cover_file == work.cover_file
        assert storage.private().exists(work.cover_file)

    def test_refuses_what_is_no_picture(self, owner, noon):
        with pytest.raises(errors.CoverNotPicture):
            services.set_cover(
                actor=owner, work=make_work(owner=owner), content=io.BytesIO(b"hello"), name="a.jpg", at=noon
            )

    def test_refuses_a_heavy_picture(self, owner, noon, settings):
        settings.MAX_COVER_BYTES = 10
        with pytest.raises(errors.CoverTooLarge):
            services.set_cover(
                actor=owner, work=make_work(owner=owner), content=io.BytesIO(b"\xff\xd8\xff" * 9), name="a", at=noon
            )


class TestBeginWork:
    def test_has_a_manuscript_of_ours_and_the_details_that_were_given(self, owner, noon, sent):
        work = services.begin_work(actor=owner, title="Salt & Sea", language="de", at=noon)
        manuscript = work.manuscripts.get()
        assert (work.title, work.language, work.slug) == ("Salt & Sea", "de", "salt-sea")
        assert manuscript.name == "Salt & Sea.octavo-book.json"
        assert manuscript.shown_name == "Salt & Sea (written here)"
        assert len(sent) == 1
        with storage.private().open(manuscript.file) as file:
            assert json.load(file)["chapters"][0]["title"] == "Kapitel 1"

    def test_refuses_who_is_no_author(self, noon):
        with pytest.raises(NotAllowed):
            services.begin_work(actor=make_reader(), title="Salt", language="en", at=noon)

    def test_counts_against_the_drafts_of_a_newcomer(self, owner, noon, settings):
        settings.MAX_DRAFTS = 0
        with pytest.raises(errors.TooManyDrafts):
            services.begin_work(actor=owner, title="Salt", language="en", at=noon)


class TestBeginPage:
    def test_offers_the_language_of_the_page(self, as_owner):
        assert '<option value="en" selected>' in as_owner.get(reverse("work-create")).content.decode()
        german = as_owner.get(reverse("work-create"), headers={"accept-language": "de"}).content.decode()
        assert "selected>" in german
        assert '<option value="sq" selected>' not in german

    def test_begins_a_book(self, as_owner, owner):
        response = as_owner.post(reverse("work-begin"), {"title": "Salt", "language": "en"})
        work = Work.objects.get(owner=owner)
        assert response["Location"] == reverse("work-text-write", args=[work.public_id])

    @pytest.mark.parametrize("typed", [{"title": "", "language": "en"}, {"title": "Salt", "language": "<b>"}, {}])
    def test_refuses_and_keeps_what_was_typed(self, as_owner, typed):
        response = as_owner.post(reverse("work-begin"), typed)
        assert response.status_code == 422
        assert response.context["begin_form"].errors
        assert not Work.objects.exists()

    def test_a_name_with_slashes_is_cut(self, as_owner, owner):
        as_owner.post(reverse("work-begin"), {"title": "../../etc/\x1bpasswd", "language": "en"})
        assert Work.objects.get(owner=owner).manuscripts.get().name == "passwd.octavo-book.json"
