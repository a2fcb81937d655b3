"""The page for a work's details and cover: what it saves, what it refuses, what stays typed."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from publishing.models import Work
from tests.factories.pictures import picture
from tests.factories.publishing import make_edition, make_work

pytestmark = pytest.mark.django_db


def a_file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def big_picture() -> bytes:
    """Of the size that covers should have."""
    content = io.BytesIO()
    Image.new("RGB", (1600, 2560), "navy").save(content, "PNG")
    return content.getvalue()


def details(**changes) -> dict[str, str]:
    return {
        "title": "The Lamp",
        "subtitle": "",
        "language": "en",
        "description": "A keeper.",
        "subject": "FB",
        "sample_bps": "1000",
        "imprint": "",
        **changes,
    }


class TestDetails:
    def test_saves_and_goes_on(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(reverse("work-details", args=[edition.work.public_id]), details())
        assert response["Location"] == reverse("work-price", args=[edition.work.public_id])
        edition.work.refresh_from_db()
        assert edition.work.title == "The Lamp"

    @pytest.mark.parametrize(
        ("typed", "status", "kept"), [("2500", 302, 2500), ("1000", 302, 1000), ("2600", 422, 2500)]
    )
    def test_a_sample_of_another_size_is_kept(self, as_owner, owner, typed, status, kept):
        edition = make_edition(work=make_work(owner=owner, sample_bps=2500))
        address = reverse("work-details", args=[edition.work.public_id])
        assert '<option value="2500" selected>25%</option>' in as_owner.get(address).content.decode()
        assert as_owner.post(address, details(sample_bps=typed)).status_code == status
        assert Work.objects.get(pk=edition.work.pk).sample_bps == kept

    @pytest.mark.parametrize(("typed", "age"), [("0", 0), ("8", 8), ("18", 18), ("", None)])
    def test_takes_a_reading_age_or_none(self, as_owner, owner, typed, age):
        edition = make_edition(work=make_work(owner=owner, reading_age=12))
        address = reverse("work-details", args=[edition.work.public_id])
        as_owner.post(address, details(reading_age=typed))
        assert Work.objects.get(pk=edition.work.pk).reading_age == age
        field = as_owner.get(address).context["form"]["reading_age"]
        assert (field.label, field.value()) == ("Reading age", age)

    @pytest.mark.parametrize("typed", ["-1", "19", "8.5", "eight"])
    def test_refuses_what_is_no_reading_age(self, as_owner, owner, typed):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(
            reverse("work-details", args=[edition.work.public_id]), details(reading_age=typed, title="Typed with care")
        )
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["reading_age"]
        assert "Typed with care" in response.content.decode()
        assert Work.objects.get(pk=edition.work.pk).reading_age is None

    @pytest.mark.parametrize(("age", "status"), [("17", 422), ("18", 302), ("", 302)])
    def test_a_book_for_adults_is_not_also_for_children(self, as_owner, owner, age, status):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(
            reverse("work-details", args=[edition.work.public_id]), details(is_adult="on", reading_age=age)
        )
        assert response.status_code == status

    def test_keeps_what_was_typed_when_something_is_missing(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(
            reverse("work-details", args=[edition.work.public_id]), details(title="", description="Typed with care.")
        )
        assert response.status_code == 422
        assert "Typed with care." in response.content.decode()

    def test_extra_fields_change_nothing(self, as_owner, owner, stranger):
        edition = make_edition(work=make_work(owner=owner))
        as_owner.post(
            reverse("work-details", args=[edition.work.public_id]),
            details(owner=str(stranger.pk), slug="mine", cover_file="../secret"),
        )
        work = Work.objects.get(pk=edition.work.pk)
        assert (work.owner, work.slug, work.cover_file) == (owner, "the-lamp", ""), "it follows the title"

    def test_says_when_a_cover_is_no_picture_and_keeps_the_page(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        response = as_owner.post(
            reverse("work-cover", args=[edition.work.public_id]), {"cover": a_file(b"hello", "cover.png")}
        )
        assert response.status_code == 422
        assert "We cannot read this file as a picture." in response.content.decode()
        assert not Work.objects.get(pk=edition.work.pk).cover_file

    def test_a_small_cover_gets_a_caution_and_no_tick(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        data = {"cover": a_file(picture(200, 300), "cover.png")}
        page = as_owner.post(reverse("work-cover", args=[edition.work.public_id]), data, follow=True).content.decode()
        assert "This picture is 200 × 300 pixels, which is too small" in page
        assert "We recommend at least 1,600 × 2,560" in page
        assert "message-success" not in page

    def test_shows_the_authors_picture_while_the_files_are_made(self, client, as_owner, owner, stranger):
        edition = make_edition(work=make_work(owner=owner))
        address, data = reverse("work-cover-picture", args=[edition.work.public_id]), picture(1600, 2560)
        upload = {"cover": a_file(data, "cover.png")}
        page = as_owner.post(reverse("work-cover", args=[edition.work.public_id]), upload, follow=True).content.decode()
        assert f'src="{address}"' in page
        shown = as_owner.get(address)
        assert (b"".join(shown.streaming_content), shown["Content-Type"]) == (data, "image/png")
        assert "sandbox" in shown["Content-Security-Policy"]
        client.force_login(stranger)
        assert client.get(address).status_code == 404


class TestNothingTypedIsLost:
    def typed(self, client, address: str, **changes) -> dict[str, str]:
        """What the page's form would send, with these changes."""
        return details(seen=client.get(address).context["form"]["seen"].value(), **changes)

    def test_a_picture_chosen_beside_the_details_saves_both(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        address = reverse("work-details", args=[edition.work.public_id])
        picture = SimpleUploadedFile("front.png", big_picture(), content_type="image/png")
        typed = self.typed(as_owner, address, title="The Salt Road", description="Typed just now.")
        as_owner.post(reverse("work-cover", args=[edition.work.public_id]), {**typed, "cover": picture})
        edition.work.refresh_from_db()
        assert edition.work.title == "The Salt Road"
        assert edition.work.description == "Typed just now."
        assert edition.work.cover_name == "front.png"

    def test_a_picture_is_kept_and_the_text_comes_back_when_a_detail_is_wrong(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        typed = details(title="", description="Typed just now.")
        picture = SimpleUploadedFile("front.png", big_picture(), content_type="image/png")
        response = as_owner.post(reverse("work-cover", args=[edition.work.public_id]), {**typed, "cover": picture})
        assert response.status_code == 422
        assert "Typed just now." in response.content.decode()
        edition.work.refresh_from_db()
        assert edition.work.cover_name == "front.png"

    def test_a_refused_picture_does_not_lose_the_text(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        typed = details(title="The Salt Road")
        response = as_owner.post(
            reverse("work-cover", args=[edition.work.public_id]), {**typed, "cover": a_file(b"no picture", "x.png")}
        )
        assert response.status_code == 422
        edition.work.refresh_from_db()
        assert edition.work.title == "The Salt Road"

    def test_a_second_tab_asks_before_it_overwrites(self, as_owner, owner):
        edition = make_edition(work=make_work(owner=owner))
        address = reverse("work-details", args=[edition.work.public_id])
        first = self.typed(as_owner, address, title="The Lighthouse", description="From the first tab.")
        second = self.typed(
            as_owner,
            address,
            title="The Lighthouse",
            description="A keeper, a letter, and a light that should have gone out.",
            subtitle="From the second tab",
        )
        assert as_owner.post(address, first).status_code == 302
        response = as_owner.post(address, second)
        assert response.status_code == 422
        page = response.content.decode()
        assert "From the first tab." in page
        assert "From the second tab" in page
        edition.work.refresh_from_db()
        assert edition.work.description == "From the first tab."
        answer = {**second, "seen": response.context["form"]["seen"].value(), "take_description": "theirs"}
        assert as_owner.post(address, answer).status_code == 302
        edition.work.refresh_from_db()
        assert edition.work.description == "From the first tab."
        assert edition.work.subtitle == "From the second tab"
