"""The cover page: what it shows, previews, saves and refuses."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conversion.engine.api import CoverChoice
from conversion.models import JobState
from publishing.models import Work
from tests.factories.conversion import make_artifact
from tests.factories.pictures import picture
from tests.factories.publishing import make_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(owner):
    return make_edition(work=make_work(owner=owner))


def where(edition, name="page"):
    return reverse(f"work-cover-{name}", args=[edition.work.public_id])


def values(**changes):
    return {
        "design": "night",
        "palette": "ink",
        "lettering": "own",
        "focus_x": "50",
        "focus_y": "50",
        **changes,
    }


def shades(dark: int, light: int) -> bytes:
    """A cover of one shade with a band of another."""
    image = Image.new("L", (640, 1024), dark)
    image.paste(light, (0, 200, 640, 300))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG")
    return out.getvalue()


def send(client, edition, data=None, use="cover"):
    file = SimpleUploadedFile("sea.png", data or picture())
    return client.post(where(edition, "upload"), {"use": use, "picture": file}, follow=True)


def redraw(edition, **artifact):
    """Let the job that redraws the uploaded picture end."""
    job = Work.objects.get(pk=edition.work.pk).redrawing_job
    job.state = JobState.DONE
    job.save()
    if artifact:
        make_artifact(job, kind="thumbnail", target="640-jpeg", **artifact)


class TestPage:
    def test_offers_designs_colours_and_typefaces(self, as_owner, edition):
        page = as_owner.get(where(edition))
        assert len(page.context["cards"]) == 14
        assert [card.name for card in page.context["cards"] if card.needs_picture] == [
            "picture-full",
            "picture-window",
            "picture-band",
            "picture-circle",
        ]
        assert len(page.context["swatches"]) == 12

    def test_saves_the_choice(self, as_owner, edition):
        response = as_owner.post(where(edition), values(design="cloth", palette="wine", lettering="garamond"))
        assert response["Location"] == where(edition)
        edition.work.refresh_from_db()
        assert edition.work.cover_choice == CoverChoice("cloth", "wine", "garamond")

    def test_previews_without_saving(self, as_owner, edition):
        page = as_owner.post(where(edition), values(act="preview"))
        assert page.status_code == 200
        assert "design=night" in page.context["preview"]
        assert "Not saved yet" in page.content.decode()
        edition.work.refresh_from_db()
        assert edition.work.cover_choice is None

    @pytest.mark.parametrize(
        "change",
        [
            {"design": "x"},
            {"palette": ""},
            {"palette": "x"},
            {"lettering": "comic"},
            {"focus_x": "101"},
            {"focus_y": "-1"},
            {"focus_x": "x"},
            {"design": "picture-full"},
        ],
    )
    def test_refuses_and_keeps_what_was_chosen(self, as_owner, edition, change):
        page = as_owner.post(where(edition), values(lettering="plex") | change)
        assert page.status_code == 422
        edition.work.refresh_from_db()
        assert edition.work.cover_choice is None

    def test_says_how_wide_the_spine_is(self, as_owner, edition):
        made = edition.job.artifacts.filter(kind="pdf", target="print").first() or make_artifact(
            edition.job, kind="pdf", target="print"
        )
        made.pages = 200
        made.save()
        as_owner.post(where(edition, "print"), {"trim": "print-6x9", "paper": "cream"})
        edition.work.refresh_from_db()
        assert (edition.work.trim, edition.work.paper) == ("print-6x9", "cream")


class TestDrawn:
    @pytest.mark.parametrize(
        "query", [values(), values(design=""), values(design="picture-band"), values(card="1"), {}]
    )
    def test_draws_a_small_picture_for_its_author_alone(self, as_owner, edition, query):
        answer = as_owner.get(where(edition, "drawn"), query)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"].startswith("private")
        assert Image.open(io.BytesIO(answer.content)).width == (240 if "card" in query else 480)

    def test_draws_the_same_for_the_same(self, as_owner, edition):
        one, other = (as_owner.get(where(edition, "drawn"), values()).content for _ in range(2))
        assert one == other

    @pytest.mark.parametrize("change", [{"design": "../x"}, {"palette": "x"}, {"focus_x": "1e9"}, {"lettering": ""}])
    def test_draws_nothing_else(self, as_owner, edition, change):
        assert as_owner.get(where(edition, "drawn"), values() | change).status_code == 404


class TestUpload:
    def test_says_at_once_what_is_wrong_in_figures(self, as_owner, edition):
        page = send(as_owner, edition, picture(600, 960, mode="CMYK", form="JPEG"))
        said = [str(message) for message in page.context["messages"]]
        assert "600 × 960 pixels, which is too small" in said[0]
        assert "print colours (CMYK)" in said[1]
        edition.work.refresh_from_db()
        assert edition.work.cover_file

    def test_says_nothing_about_the_shape_of_a_picture_for_a_design(self, as_owner, edition):
        page = send(as_owner, edition, picture(2560, 1600), use="picture")
        assert [str(message) for message in page.context["messages"]] == [
            "Picture uploaded. Choose a design with a picture to use it."
        ]

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (picture(300, 480), "at least 400 pixels wide"),
            (picture()[:-60], "The end of this file is missing"),
            (b"GIF89a", "picture"),
        ],
    )
    def test_refuses_in_words_and_keeps_the_cover_of_before(self, as_owner, edition, data, words):
        send(as_owner, edition, picture(1600, 2500))
        before = Work.objects.get(pk=edition.work.pk).cover_file
        page = send(as_owner, edition, data)
        assert page.status_code == 422
        assert words in str(page.context["upload_form"].errors)
        assert Work.objects.get(pk=edition.work.pk).cover_file == before

    def test_asks_for_a_picture(self, as_owner, edition):
        page = as_owner.post(where(edition, "upload"), {"use": "cover"})
        assert page.status_code == 422
        assert "Choose a picture first." in page.content.decode()


class TestStatus:
    def test_waits_until_the_picture_is_redrawn(self, as_owner, edition):
        send(as_owner, edition)
        assert as_owner.get(where(edition, "status")).status_code == 204

    @pytest.mark.parametrize(
        ("shade", "words"), [((0, 255), "That is enough for a title to be seen"), ((100, 120), "hard to see")]
    )
    def test_says_what_was_measured_at_the_size_of_lists(self, as_owner, edition, shade, words):
        send(as_owner, edition)
        redraw(edition, content=shades(*shade))
        said = as_owner.get(where(edition, "status")).content.decode()
        assert words in said
        assert "60 pixels wide" in said

    def test_says_that_a_picture_could_not_be_read(self, as_owner, edition):
        send(as_owner, edition)
        job = Work.objects.get(pk=edition.work.pk).redrawing_job
        job.state = JobState.FAILED
        job.save()
        assert "could not read sea.png" in as_owner.get(where(edition, "status")).content.decode()

    def test_the_redrawn_picture_is_in_the_preview(self, as_owner, edition):
        send(as_owner, edition, use="picture")
        query = values(design="picture-full")
        before = as_owner.get(where(edition, "drawn"), query).content
        redraw(edition, content=shades(200, 250))
        assert as_owner.get(where(edition, "drawn"), query).content != before


class TestTakeBack:
    def test_brings_back_the_cover_before(self, as_owner, edition):
        as_owner.post(where(edition), values())
        as_owner.post(where(edition, "back"))
        edition.work.refresh_from_db()
        assert edition.work.cover_choice is None

    def test_says_that_there_is_none(self, as_owner, edition):
        assert as_owner.post(where(edition, "back")).status_code == 409
