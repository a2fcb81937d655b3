"""Choosing a cover: what the files are made with, what stays as it was, what is taken back and what is deleted."""

from __future__ import annotations

import io

import pytest

from common import clock, storage
from common.errors import NotAllowed, NotFound
from conversion.engine.api import CoverChoice
from conversion.options import PICTURE
from publishing import errors, selectors
from publishing import services as publishing_services
from publishing.covers import services
from publishing.covers.errors import NoFormerCover, PaperUnknown, PictureMissing, PictureTooSmall
from publishing.models import FormerCover, Series
from publishing.services.former_covers import MAX_FORMER
from tests.factories.accounts import make_author
from tests.factories.pictures import picture
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db
NIGHT = CoverChoice("night", "ink")
FRAMED = CoverChoice("picture-window", "wine")


@pytest.fixture
def edition(owner):
    return make_edition(work=make_work(owner=owner))


def choose(owner, work, choice):
    return services.choose_cover(actor=owner, work=work, choice=choice, at=clock.now())


def upload(owner, work, *, is_cover=False, data=None):
    save = services.upload_cover if is_cover else services.upload_picture
    content = io.BytesIO(data or picture())
    return save(actor=owner, work=work, content=content, name="sea.png", at=clock.now())


def draft_job(work):
    return selectors.draft_of(work).job


class TestWithoutAChoice:
    def test_files_of_before_are_not_stale(self, edition):
        assert not selectors.are_files_stale(edition)
        options = selectors.wanted_options(edition)
        assert (options.cover_choice, options.trim, options.paper) == (None, "print", "cream")


class TestChooseCover:
    def test_the_files_are_made_with_it(self, owner, edition):
        work = choose(owner, edition.work, NIGHT)
        assert draft_job(work).options.cover_choice == NIGHT
        assert draft_job(work).cover_file == ""

    def test_the_uploaded_cover_waits(self, owner, edition):
        work = upload(owner, edition.work, is_cover=True)
        work = choose(owner, work, NIGHT)
        assert work.cover_file
        assert draft_job(work).cover_file == ""
        work = choose(owner, work, None)
        assert draft_job(work).cover_file == work.cover_file

    def test_a_design_around_a_picture_gets_it(self, owner, edition):
        work = choose(owner, upload(owner, edition.work), FRAMED)
        assert draft_job(work).cover_file == work.picture_file
        assert draft_job(work).cover_name == "sea.png"

    def test_names_the_series_as_it_is_called_when_files_are_made(self, owner, edition):
        edition.work.series = Series.objects.create(owner=owner, title="Tides", slug="tides")
        edition.work.series_number = 2
        edition.work.save()
        work = choose(owner, edition.work, CoverChoice("night", "ink", series="series"))
        assert draft_job(work).options.cover_choice.series == "Tides · 2"

    def test_choosing_the_same_again_changes_nothing(self, owner, edition):
        work = choose(owner, edition.work, NIGHT)
        before = draft_job(work)
        assert draft_job(choose(owner, work, NIGHT)) == before
        assert work.former_covers.count() == 1

    def test_an_edition_on_sale_keeps_its_cover(self, owner):
        edition = make_published_edition(work=make_work(owner=owner))
        choose(owner, edition.work, NIGHT)
        edition.refresh_from_db()
        assert edition.job.options.cover_choice is None
        edition.work.refresh_from_db()
        assert selectors.are_files_stale(edition)

    def test_needs_the_picture_of_a_design_around_one(self, owner, edition):
        with pytest.raises(PictureMissing):
            choose(owner, edition.work, FRAMED)
        assert not FormerCover.objects.exists()

    def test_a_finished_cover_replaces_a_choice(self, owner, edition):
        work = choose(owner, edition.work, NIGHT)
        work = publishing_services.set_cover(
            actor=owner, work=work, content=io.BytesIO(picture()), name="c.png", at=clock.now()
        )
        assert work.cover_choice is None

    def test_strangers_and_those_who_only_look(self, edition, stranger):
        with pytest.raises(NotFound):
            choose(stranger, edition.work, NIGHT)
        illustrator = make_author()
        make_contributor(edition.work, user=illustrator, role="ill")
        with pytest.raises(NotAllowed):
            choose(illustrator, edition.work, NIGHT)


class TestUploads:
    def test_a_picture_is_redrawn_before_anybody_sees_it(self, owner, edition):
        work = upload(owner, edition.work)
        assert work.redrawing_job.options.formats == PICTURE
        assert work.redrawing_job.cover_file == work.picture_file
        assert selectors.draft_of(work).job.cover_file == ""

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (picture(399, 640), PictureTooSmall),
            (picture(3000, 900), errors.CoverTooNarrow),
            (picture()[:-100], errors.CoverCutOff),
            (b"hello", errors.CoverNotPicture),
        ],
    )
    @pytest.mark.parametrize("is_cover", [True, False])
    def test_refusals_change_nothing(self, owner, edition, data, error, is_cover):
        with pytest.raises(error):
            upload(owner, edition.work, is_cover=is_cover, data=data)
        edition.work.refresh_from_db()
        assert (edition.work.cover_file, edition.work.picture_file, edition.work.redrawing_job) == ("", "", None)
        assert not FormerCover.objects.exists()


class TestTakeBack:
    def test_there_and_back_again(self, owner, edition):
        work = upload(owner, edition.work, is_cover=True)
        file = work.cover_file
        work = choose(owner, work, NIGHT)
        work = services.take_back(actor=owner, work=work, at=clock.now())
        assert (work.cover_choice, work.cover_file) == (None, file)
        assert draft_job(work).cover_file == file
        work = services.take_back(actor=owner, work=work, at=clock.now())
        assert work.cover_choice == NIGHT

    def test_refuses_where_there_was_none(self, owner, edition):
        with pytest.raises(NoFormerCover):
            services.take_back(actor=owner, work=edition.work, at=clock.now())

    def test_forgets_the_oldest_with_its_file(self, owner, django_capture_on_commit_callbacks):
        edition = make_published_edition(work=make_work(owner=owner))  # no file of a draft is made with it
        work = upload(owner, edition.work, is_cover=True, data=picture(1600, 2400))
        oldest = work.cover_file
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(MAX_FORMER + 1):
                work = upload(owner, work, is_cover=True, data=picture(1600, 2500 + number))
        assert work.former_covers.count() == MAX_FORMER
        assert not storage.private().exists(oldest)
        assert all(storage.private().exists(one.cover_file) for one in work.former_covers.all())
        assert storage.private().exists(work.cover_file)

    def test_a_deleted_work_leaves_no_pictures(self, owner, edition, django_capture_on_commit_callbacks):
        work = upload(owner, edition.work)
        work = upload(owner, work, is_cover=True, data=picture(1600, 2400))
        files = [work.picture_file, work.cover_file]
        with django_capture_on_commit_callbacks(execute=True):
            publishing_services.delete_draft(actor=owner, work=work)
        assert not any(storage.private().exists(name) for name in files)


class TestSetPrint:
    def test_the_printed_book_is_made_so(self, owner, edition):
        work = services.set_print(actor=owner, work=edition.work, trim="print-6x9", paper="white", at=clock.now())
        options = draft_job(work).options
        assert (options.trim, options.paper) == ("print-6x9", "white")

    @pytest.mark.parametrize(("trim", "paper"), [("phone", "cream"), ("large-print", "cream"), ("print", "vellum")])
    def test_refuses_what_is_not_made(self, owner, edition, trim, paper):
        with pytest.raises(PaperUnknown):
            services.set_print(actor=owner, work=edition.work, trim=trim, paper=paper, at=clock.now())
