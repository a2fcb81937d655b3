"""Where a reader stopped: kept over editions by the words that stand there."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.selectors.edition_texts import book_text
from storefront.checkout.models import Entitlement
from storefront.reading.models import EditionMap
from storefront.reading.services import devices, edition_maps, places
from tests.factories.accounts import make_reader
from tests.factories.conversion import make_artifact, make_done_job, web_zip
from tests.factories.publishing import make_edition, make_published_edition

pytestmark = pytest.mark.django_db

PARTS = ("Part 1", "Part 2", "Part 3")
HELD_AT = 103  # the block: each part has a heading and 40 paragraphs
HELD = "She held the lamp to the window and counted the boats as they came in, one by one, until the last of them."


def part(title: str, held: str = "") -> str:
    lines = [f"<p>In {title} the {n}th night passed, and the keeper of {n + 7} lights slept.</p>" for n in range(40)]
    lines.insert(20, f"<p>{held}</p>" if held else "")
    return f"<h1>{title}</h1>{''.join(lines)}"


def publish(chapters: dict[str, str], *, work: Work | None = None, **more: Any) -> Edition:
    """An edition of these chapters, after which the one before is not on sale any more."""
    Edition.objects.update(state=EditionState.SUPERSEDED)
    job = make_done_job()
    job.artifacts.filter(kind__in=["web", "sample-web"]).delete()
    bodies = {f"c{n}": body for n, body in enumerate(chapters.values(), 1)}
    make_artifact(job, kind="web", content=web_zip(tuple(chapters), **bodies))
    make_artifact(job, kind="sample-web", content=web_zip(tuple(chapters)[:1], c1=bodies["c1"]))
    if work is not None:
        return make_published_edition(work=work, job=job, **more)
    return make_published_edition(slug="lighthouse", job=job, **more)


def three_parts(held: str = HELD) -> dict[str, str]:
    return {title: part(title, held if title == "Part 3" else "") for title in PARTS}


def with_foreword(parts: dict[str, str]) -> dict[str, str]:
    return {"Foreword": part("Foreword"), **parts}


def log_in(client: Client, edition: Edition) -> User:
    reader = make_reader()
    Entitlement.objects.create(user=reader, work=edition.work, edition=edition, granted_at=clock.now())
    client.force_login(reader)
    return reader


def settings_of(client: Client) -> dict[str, Any]:
    page = client.get("/read/lighthouse/").content.decode()
    found: dict[str, Any] = json.loads(page.split('id="reader-settings" type="application/json">')[1].split("<")[0])
    return found


def stop_at(reader: User, edition: Edition, block: int | None = None, *, page: str = "", share_bps: int = 8000) -> None:
    at = clock.now()
    phone = devices.browser(reader, key="phone", name="", at=at)
    places.save_last(
        device=phone, work=edition.work, edition=edition, block=block, page=page, share_bps=share_bps, at=at
    )


class TestFiles:
    def test_an_edition_goes_on_being_read_while_the_next_comes_out(self, client: Client) -> None:
        first = publish(three_parts())
        log_in(client, first)
        before = settings_of(client)["files"]
        publish(with_foreword(three_parts()), work=first.work)
        after = settings_of(client)["files"]
        assert before != after
        assert b"<h1>Part 1</h1>" in client.get(f"{before}chapters/c1.xhtml").content
        assert b"<h1>Foreword</h1>" in client.get(f"{after}chapters/c1.xhtml").content
        assert client.get(f"{after}chapters/c1.xhtml")["Cache-Control"] == "private, max-age=604800, immutable"

    def test_samples_too(self, client: Client) -> None:
        first = publish(three_parts())
        second = publish(with_foreword(three_parts()), work=first.work)
        for edition, title in ((first, b"Part 1"), (second, b"Foreword")):
            address = f"/read/lighthouse/sample/files/{edition.public_id}/chapters/c1.xhtml"
            assert title in client.get(address).content

    def test_no_draft_and_no_other_book_is_reached(self, client: Client) -> None:
        edition = publish(three_parts())
        log_in(client, edition)
        draft = make_edition(work=edition.work, job=edition.job)
        other = make_published_edition(slug="other")
        for one in (draft, other):
            for kind in ("", "sample/"):
                address = f"/read/lighthouse/{kind}files/{one.public_id}/chapters/c1.xhtml"
                assert client.get(address).status_code == 404


class TestEditions:
    def moved(self, client: Client, parts: dict[str, str], block: int = HELD_AT) -> tuple[dict[str, Any], str]:
        """The place in an edition of these parts, kept in the one of three parts, and the words there."""
        first = publish(three_parts())
        stop_at(log_in(client, first), first, block)
        second = publish(parts, work=first.work)
        for row in EditionMap.objects.all():
            edition_maps.make(map_id=row.pk)
        found: dict[str, Any] = settings_of(client)["last"]
        assert found["edition"] == second.public_id
        web = second.job.artifacts.get(kind="web").file
        return found, book_text(web).blocks[found["block"]] if found["block"] is not None else ""

    def test_a_foreword_in_front_does_not_move_the_place(self, client: Client) -> None:
        assert self.moved(client, with_foreword(three_parts()))[1] == HELD

    def test_nor_a_mended_slip_in_its_words(self, client: Client) -> None:
        mended = HELD.replace("boats", "ships").replace("came in", "came home")
        assert self.moved(client, with_foreword(three_parts(mended)))[1] == mended

    def test_words_that_stand_twice_are_those_of_the_chapter(self, client: Client) -> None:
        parts = {**with_foreword(three_parts()), "Part 1": part("Part 1", HELD)}
        found, words = self.moved(client, parts)
        assert words == HELD
        assert found["share_bps"] > 7500

    def test_rewritten_words_leave_the_chapter_of_that_name(self, client: Client) -> None:
        parts = {**with_foreword(three_parts()), "Part 3": "<h1>Part 3</h1><p>Nothing of it was left.</p>"}
        self.moved(client, parts)
        page = " ".join(client.get("/read/lighthouse/").content.decode().split())
        assert 'c4/">Part 3</a> <span class="soft small">You stopped here.' in page

    def test_signs_without_spaces_are_found(self, client: Client) -> None:
        words = "彼女は窓辺に灯を掲げ、戻ってくる船を一艘ずつ数えた。"
        parts = three_parts(words)
        first = publish(parts)
        stop_at(log_in(client, first), first, HELD_AT)
        publish(with_foreword(parts), work=first.work)
        for row in EditionMap.objects.all():
            edition_maps.make(map_id=row.pk)
        assert settings_of(client)["last"]["block"] == HELD_AT + 41

    def test_the_list_of_plain_chapters_shows_it(self, client: Client) -> None:
        self.moved(client, with_foreword(three_parts()))
        page = " ".join(client.get("/read/lighthouse/").content.decode().split())
        assert 'c4/">Part 3</a> <span class="soft small">You stopped here.' in page
        assert page.count("You stopped here.") == 1

    def test_pages_are_told_by_their_pictures(self, client: Client) -> None:
        first = publish_pages("wave", "shore", "gull")
        stop_at(log_in(client, first), first, page="p3", share_bps=10_000)
        publish_pages("imprint", "wave", "shore", "gull", "wreck", work=first.work)
        assert settings_of(client)["last"]["page"] == "p4"


def publish_pages(*pictures: str, work: Work | None = None) -> Edition:
    """A book of pages with these pictures."""
    Edition.objects.update(state=EditionState.SUPERSEDED)
    made = io.BytesIO()
    pages = [{"id": f"p{n}", "pictures": [[100, f"{name}.png"]]} for n, name in enumerate(pictures, 1)]
    with zipfile.ZipFile(io.BytesIO(web_zip(("Pages",)))) as flowing, zipfile.ZipFile(made, "w") as archive:
        about = json.loads(flowing.read("book.json"))
        archive.writestr("book.json", json.dumps({**about, "kind": "pages"}))
        archive.writestr("chapters/c1.xhtml", flowing.read("chapters/c1.xhtml"))
        archive.writestr("pages.json", json.dumps({"pages": pages}))
    job = make_done_job()
    job.artifacts.filter(kind="web").delete()
    make_artifact(job, kind="web", content=made.getvalue())
    return make_published_edition(job=job, **({"work": work} if work else {"slug": "lighthouse"}))


class TestAhead:
    """The chapter that the script fetches before anybody comes to it: no more of the book was read for that."""

    def furthest(self, client: Client, query: str, **headers: str) -> int:
        edition = publish({"Title": "<p>t</p>", **three_parts()})
        log_in(client, edition)
        client.get(f"/read/lighthouse/files/{edition.public_id}/chapters/c3.xhtml{query}", headers=headers)
        return Entitlement.objects.get().furthest_bps

    def test_counts_to_the_middle_of_the_one_before(self, client: Client, noon: datetime) -> None:
        assert self.furthest(client, "?ahead", **{"sec-fetch-dest": "empty"}) == 3750

    def test_fetched_to_be_read_it_counts_as_ever(self, client: Client) -> None:
        assert self.furthest(client, "", **{"sec-fetch-dest": "empty"}) == 5000

    def test_and_so_it_does_opened_as_itself(self, client: Client) -> None:
        assert self.furthest(client, "?ahead") == 5000
