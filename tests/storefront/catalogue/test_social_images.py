from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from PIL import Image

from common import jobs, storage
from conversion.engine.covers import social_image as drawing
from publishing import hooks
from publishing.models import Edition
from storefront.catalogue.models import Catalogue, Listing
from storefront.catalogue.services import social_images
from tests.factories.publishing import make_published_edition

pytestmark = pytest.mark.django_db


def listing_of(edition: Edition) -> Listing:
    return Listing.objects.get(work=edition.work)


def cover(width: int = 640, height: int = 1024, colour: str = "#123456") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture))


class TestDrawing:
    @pytest.mark.parametrize("size", [(640, 1024), (1024, 640), (320, 320), (60, 100), (100, 300)])
    def test_every_cover_fits(self, size: tuple[int, int]) -> None:
        picture = opened(drawing.book_picture(cover(*size), title="Salt Roads", byline="Ada Quill", shop="Octavo"))
        assert (picture.format, picture.size) == ("JPEG", (1200, 630))
        assert sum(abs(a - b) for a, b in zip(picture.getpixel((120, 315)), (0x12, 0x34, 0x56), strict=True)) < 30

    def test_a_damaged_cover_is_left_out(self) -> None:
        made = [drawing.book_picture(data, title="Salt", byline="Ada", shop="Octavo") for data in (b"no JPEG", None)]
        assert made[0] == made[1]

    @pytest.mark.parametrize("title", ["", "W" * 300, "ألف ليلة وليلة", "本", "A " * 150, "\x00\ufffe"])
    def test_every_title_is_drawn(self, title: str) -> None:
        assert opened(drawing.book_picture(None, title=title, byline=title, shop="Octavo")).size == (1200, 630)

    def test_the_same_gives_the_same_bytes(self) -> None:
        made = [drawing.book_picture(cover(), title="Salt", byline="Ada", shop="Octavo") for _ in range(2)]
        assert made[0] == made[1]

    def test_the_shops_own_can_be_drawn_again(self, tmp_path: Path) -> None:
        call_command("draw_social_image", tmp_path / "shop.jpg")
        kept = settings.BASE_DIR / "static" / "social.jpg"
        assert [opened(file.read_bytes()).size for file in (kept, tmp_path / "shop.jpg")] == [(1200, 630)] * 2


class TestRefresh:
    def test_a_new_listing_waits_and_a_worker_draws(self) -> None:
        edition = make_published_edition()
        assert listing_of(edition).social_key
        assert not listing_of(edition).social_image
        jobs.run_now("catalogue.draw_social", listing_id=listing_of(edition).pk)
        name = listing_of(edition).social_image
        with storage.public().open(name) as file:
            assert opened(file.read()).size == (1200, 630)

    def test_shows_the_cover_that_is_on_sale(self) -> None:
        listing, content = listing_of(make_published_edition()), cover(colour="#00aa00")
        sha256 = hashlib.sha256(content).hexdigest()
        listing.cover["640-jpeg"] = storage.store(storage.public(), f"c/{sha256}.jpg", io.BytesIO(content), sha256)
        listing.save()
        social_images.draw(listing_id=listing.pk)
        with storage.public().open(listing_of(listing.edition).social_image) as file:
            red, green, blue = opened(file.read()).getpixel((120, 315))
        assert green > 150 > max(red, blue)

    def test_drawing_raises_the_version_of_the_shop(self) -> None:
        edition = make_published_edition()
        before = Catalogue.objects.get().version
        social_images.draw(listing_id=listing_of(edition).pk)
        social_images.draw(listing_id=listing_of(edition).pk)
        assert Catalogue.objects.get().version == before + 1

    def test_only_what_is_in_the_picture_draws_it_anew(self) -> None:
        edition = make_published_edition()
        social_images.draw(listing_id=listing_of(edition).pk)
        name = listing_of(edition).social_image
        edition.work.description = "Another text."
        edition.work.save()
        hooks.notify_listed(edition)
        assert listing_of(edition).social_image == name
        edition.work.title = "Another Title"
        edition.work.save()
        hooks.notify_listed(edition)
        assert listing_of(edition).social_image == ""
        social_images.draw(listing_id=listing_of(edition).pk)
        assert listing_of(edition).social_image not in {"", name}

    def test_what_changed_while_it_was_drawn_keeps_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        edition = make_published_edition()
        draw = drawing.book_picture

        def slowly(*args: object, **kwargs: str) -> bytes:
            Listing.objects.update(social_key="changed meanwhile")
            return draw(None, title=kwargs["title"], byline=kwargs["byline"], shop=kwargs["shop"])

        monkeypatch.setattr(drawing, "book_picture", slowly)
        social_images.draw(listing_id=listing_of(edition).pk)
        assert listing_of(edition).social_image == ""

    def test_publishing_asks_for_it_unless_it_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        monkeypatch.setattr(jobs, "enqueue", lambda name, **ids: asked.append(name))
        edition = make_published_edition()
        social_images.draw(listing_id=listing_of(edition).pk)
        hooks.notify_listed(edition)
        assert asked.count("catalogue.draw_social") == 1

    def test_the_sweeper_asks_for_those_left_behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting, done = make_published_edition(), make_published_edition()
        social_images.draw(listing_id=listing_of(done).pk)
        asked: list[object] = []
        monkeypatch.setattr(jobs, "enqueue", lambda name, **ids: asked.append(ids["listing_id"]))
        social_images.requeue_missing()
        assert asked == [listing_of(waiting).pk]


class TestPages:
    def tags(self, client: Client, address: str) -> dict[str, str]:
        text = client.get(address).content.decode()
        return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text))

    def test_a_book_has_its_picture_with_size_and_words(self, client: Client) -> None:
        edition = make_published_edition(slug="lamp", title="Lamp & Net")
        social_images.draw(listing_id=listing_of(edition).pk)
        tags = self.tags(client, "/books/lamp/")
        assert tags["og:image"] == f"http://testserver/public/{listing_of(edition).social_image}"
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert "Lamp &amp; Net" in tags["og:image:alt"]
        assert (tags["og:type"], tags["og:url"]) == ("book", "http://testserver/books/lamp/")
        assert tags["twitter:card"] == "summary_large_image"

    def test_until_it_is_drawn_the_shops_own_stands_in(self, client: Client) -> None:
        make_published_edition(slug="lamp")
        assert self.tags(client, "/books/lamp/")["og:image"].endswith(".jpg")
        assert "/static/social" in self.tags(client, "/books/lamp/")["og:image"]

    def test_the_front_page_has_the_shops_own(self, client: Client) -> None:
        assert "/static/social" in self.tags(client, "/")["og:image"]
