"""KOReader's sync: the exchange from its client's source, its books and those that are not ours."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from lxml import etree

from common import clock
from conversion.engine.watermark.joiners import JOINER
from publishing import services as publishing_services
from publishing.models import EditionState
from storefront.catalogue.selectors.edition_texts import text_of
from storefront.checkout.models import AccessRecord, Entitlement
from storefront.devices.kosync.book_files import BookFile
from storefront.devices.models import BookMatch, Scope, SyncedPlace
from storefront.devices.services import app_passwords, synced_places
from storefront.library.models import WatermarkedCopy
from storefront.library.services import downloads, watermarks
from storefront.reading.models import FurthestPlace, LastPlace
from tests.conversion.watermark.stamped import manuscript
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book
from tests.factories.reading import give, make_place
from tests.storefront.devices.clients import ask
from tests.storefront.devices.kosync_books import OnSale, of_html, publish, verse
from tests.storefront.devices.kosync_client import KOSync, md5, partial_md5

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

FOREIGN = md5("a book from elsewhere")
PLACE = "/body/DocFragment[7]/body/section/p[12]/text()[3].41"


@pytest.fixture
def made(reader):
    return app_passwords.make(actor=reader, name="kobo", scopes=Scope.values, address=None, at=clock.now())


@pytest.fixture
def kobo(made):
    return KOSync("kobo", made.text)


@pytest.fixture
def phone(reader, made):
    return KOSync(reader.email, made.text, device="Pixel", device_id="B" * 32)


@pytest.fixture
def sale(reader) -> OnSale:
    """A book that the reader has bought and opened."""
    found = publish(verse(), slug="verse")
    give(reader, found.edition)
    return found


def fetch(made, sale: OnSale, kind: str = "epub") -> str:
    """Download a file as a device does, and return its digest."""
    artifact, work = sale.files[kind], sale.edition.work
    suffix = downloads.suffix_of(kind)
    response = ask(f"/opds/files/{work.public_id}/{artifact.public_id}/{work.slug}.{suffix}", login=("kobo", made.text))
    assert response.status_code == 200
    return partial_md5(response.body)


def last(reader, work) -> list[LastPlace]:
    return list(LastPlace.objects.filter(device__user=reader, work=work).select_related("device").order_by("at"))


class TestSigningIn:
    def test_says_how_instead_of_registering(self, db):
        is_made, body = KOSync("somebody", "secret").register()
        assert not is_made
        assert body["code"] == 2005
        assert "app password" in body["message"]

    def test_by_the_md5_of_the_app_password(self, kobo, phone):
        assert kobo.authorize() == (True, {"authorized": "OK"})
        assert phone.authorize() == (True, {"authorized": "OK"})

    def test_refuses_wrong_names_passwords_and_scopes_alike(self, reader, made):
        books = app_passwords.make(actor=reader, name="books", scopes=[Scope.CATALOGUE], address=None, at=clock.now())
        wrong = [("tablet", made.text), ("kobo", made.text + "x"), ("books", books.text), ("", made.text), ("kobo", "")]
        answers = [KOSync(*one).authorize() for one in wrong]
        assert {is_in for is_in, _body in answers} == {False}
        assert {body["code"] for _is_in, body in answers} == {2001}

    def test_a_session_opens_nothing(self, signed_in):
        assert signed_in.get("/koreader/users/auth").status_code == 401
        assert signed_in.get(f"/koreader/syncs/progress/{FOREIGN}").status_code == 401
        assert signed_in.put("/koreader/syncs/progress", {}, content_type="application/json").status_code == 401
        assert not SyncedPlace.objects.exists()

    def test_too_many_wrong_ones_are_told_in_json(self, db, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "app_password": "2/10m/key"}
        wrong = KOSync("kobo", "wrong")
        for _time in range(2):
            assert wrong.authorize()[0] is False
        response = Client().get("/koreader/users/auth", headers={"x-auth-user": "kobo", "x-auth-key": md5("wrong")})
        assert (response.status_code, response["Content-Type"]) == (429, "application/json")

    def test_names_beyond_ascii(self, reader):
        made = app_passwords.make(actor=reader, name="Küche", scopes=[Scope.SYNC], address=None, at=clock.now())
        headers = {"x-auth-user": "Küche".encode().decode("latin-1"), "x-auth-key": md5(made.text)}
        assert Client().get("/koreader/users/auth", headers=headers).status_code == 200


class TestBooksOfOthers:
    def test_nothing_is_known_at_first(self, kobo):
        assert kobo.pull(FOREIGN) is None

    def test_a_place_comes_back_as_it_was_given(self, kobo, phone):
        sent = kobo.push(FOREIGN, PLACE, 0.4567)
        assert sent is not None
        assert sent["document"] == FOREIGN
        found = phone.pull(FOREIGN)
        assert found == {
            "document": FOREIGN,
            "progress": PLACE,
            "percentage": 0.4567,
            "device": "Kobo_nova",
            "device_id": kobo.device_id,
            "timestamp": sent["timestamp"],
        }
        assert kobo.is_own(found)
        assert not phone.is_own(found)
        assert not LastPlace.objects.exists()

    def test_are_nobody_elses(self, kobo):
        kobo.push(FOREIGN, PLACE, 0.5)
        stranger = make_reader()
        made = app_passwords.make(actor=stranger, name="kobo", scopes=[Scope.SYNC], address=None, at=clock.now())
        assert KOSync("kobo", made.text).pull(FOREIGN) is None

    def test_the_oldest_of_too_many_goes(self, kobo, monkeypatch):
        monkeypatch.setattr(synced_places, "MAX_PLACES", 3)
        for number in range(4):
            with clock.frozen(clock.now() + timedelta(minutes=number)):
                kobo.push(md5(str(number)), PLACE, 0.5)
        assert kobo.pull(md5("0")) is None
        assert kobo.pull(md5("3")) is not None
        assert SyncedPlace.objects.count() == 3

    @pytest.mark.parametrize(
        "change",
        [
            {"document": ""},
            {"document": None},
            {"document": "x" * 65},
            {"document": "a\0b"},
            {"document": "\ud800"},
            {"progress": "x" * 1001},
            {"progress": {"a": 1}},
            {"percentage": "0.5"},
            {"percentage": None},
            {"percentage": float("nan")},
            {"percentage": float("inf")},
            {"percentage": 10**400},
            {"percentage": True},
            {"device": "x" * 81},
        ],
    )
    def test_what_koreader_never_sends_is_refused_in_json(self, kobo, change):
        item = {"document": FOREIGN, "progress": PLACE, "percentage": 0.5, "device": "Kobo", "device_id": "1"}
        assert self._put(kobo, json.dumps({**item, **change})) == 403
        assert not SyncedPlace.objects.exists()

    @pytest.mark.parametrize("body", ["", "[]", "null", "{", "[" * 9000, "\xff"])
    def test_so_is_what_is_no_message(self, kobo, body):
        assert self._put(kobo, body) == 403

    def test_a_long_one_is_refused(self, kobo):
        assert self._put(kobo, json.dumps({"document": "x" * 20_000})) == 413

    def _put(self, kobo: KOSync, body: str) -> int:
        headers = {"x-auth-user": kobo.username, "x-auth-key": md5(kobo.password)}
        response = Client().generic(
            "PUT", "/koreader/syncs/progress", body, content_type="application/json", headers=headers
        )
        assert response["Content-Type"] == "application/json"
        return response.status_code


@pytest.mark.parametrize("kind", ["epub", "kepub"])
class TestOurBooks:
    def test_from_the_web_to_the_device_and_back(self, reader, made, kobo, sale, kind):
        digest = fetch(made, sale, kind)
        text = text_of(sale.edition)
        for block in range(0, len(text.blocks), 7):
            LastPlace.objects.all().delete()
            SyncedPlace.objects.all().delete()
            make_place(reader, sale.edition, block=block, offset=0, share_bps=text.share_bps(block, 0))
            found = kobo.pull(digest)
            assert found is not None
            assert not kobo.is_own(found)
            assert found["percentage"] == pytest.approx(text.share_bps(block, 0) / 10_000)
            kobo.push(digest, found["progress"], found["percentage"])
            place = last(reader, sale.edition.work)[-1]
            assert (place.block, place.offset, place.device.name) == (block, 0, "Kobo_nova")
            assert place.edition_id == sale.edition.pk

    def test_another_device_gets_it_as_it_was_given(self, made, kobo, phone, sale, kind):
        digest = fetch(made, sale, kind)
        kobo.push(digest, "/body/DocFragment[3]/body/section/p[1]/text().3", 0.31)
        found = phone.pull(digest)
        assert found is not None
        assert found["progress"] == "/body/DocFragment[3]/body/section/p[1]/text().3"
        assert found["percentage"] == 0.31
        assert kobo.is_own(found)

    def test_where_the_place_is_nowhere_the_share_counts(self, reader, made, kobo, sale, kind):
        digest = fetch(made, sale, kind)
        kobo.push(digest, "/body/DocFragment[99]/body/p/text().0", 0.5)
        [place] = last(reader, sale.edition.work)
        assert (place.block, place.share_bps) == (None, 5000)


class TestDigests:
    def test_are_known_before_the_first_byte_leaves(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        assert sale.files["epub"].digests.filter(digest=digest, kind="content").exists()

    def test_one_book_is_one_place_in_all_its_files(self, reader, made, kobo, phone, sale):
        epub, kepub = fetch(made, sale), fetch(made, sale, "kepub")
        assert epub != kepub
        kobo.push(epub, "/body/DocFragment[3]/body/section/p[1]/text().0", 0.3)
        found = phone.pull(kepub)
        assert found is not None
        assert "/div/div/section/" in found["progress"]
        assert found["device"] == "Kobo_nova"

    def test_a_name_means_the_book_as_well(self, reader, made, kobo, sale):
        fetch(made, sale)
        kobo.push(md5("verse.epub"), "/body/DocFragment[3]/body/section/p[1]/text().0", 0.3)
        assert [place.device.name for place in last(reader, sale.edition.work)] == ["Kobo_nova"]

    def test_a_pdf_has_pages(self, reader, made, kobo, sale):
        pdf = sale.edition.job.artifacts.filter(kind="pdf").first()
        assert pdf is not None
        pdf.pages = 200
        pdf.save()
        digest = fetch(made, OnSale(sale.edition, {"pdf": pdf}), "pdf")
        kobo.push(digest, "50", 0.25)
        [place] = last(reader, sale.edition.work)
        assert (place.block, place.share_bps) == (None, 2500)
        make_place(reader, sale.edition, block=None, share_bps=7500, at=clock.now() + timedelta(minutes=1))
        found = kobo.pull(digest)
        assert found is not None
        assert (found["progress"], found["percentage"]) == ("150", 0.75)

    def test_after_a_refund_it_is_a_book_like_any_other(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        make_place(reader, sale.edition, block=5, share_bps=900)
        Entitlement.objects.filter(user=reader).update(ended_at=clock.now())
        assert kobo.pull(digest) is None
        kobo.push(digest, PLACE, 0.5)
        assert len(last(reader, sale.edition.work)) == 1
        assert kobo.pull(digest)["progress"] == PLACE

    def test_of_an_older_edition_counts_in_the_older_edition(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        sale.edition.state = EditionState.SUPERSEDED
        sale.edition.save()
        newer = publish(verse() | {"epub": verse()["kepub"]}, work=sale.edition.work, number=2)
        kobo.push(digest, "/body/DocFragment[3]/body/section/p[1]/text().0", 0.3)
        [place] = last(reader, sale.edition.work)
        assert place.edition_id == sale.edition.pk != newer.edition.pk


class TestMarkedCopies:
    @pytest.fixture
    def marked(self, reader) -> OnSale:
        found = publish(of_html(re.sub("</?i>", "", manuscript(chapters=2))), slug="harbour")
        work = found.edition.work
        publishing_services.set_watermark(actor=work.owner, work=work, is_watermarked=True)
        buy(reader, found.edition)
        return found

    def chapter(self, sale: OnSale) -> tuple[str, etree._Element]:
        """The way to the last chapter in the reader's copy, and what is there."""
        copy = WatermarkedCopy.objects.get()
        with watermarks.open_marked(sale.files["epub"], copy) as file, zipfile.ZipFile(file) as archive:
            name = "EPUB/text/ch-2.xhtml"
            return f"/body/DocFragment[{BookFile(archive).spine.index(name) + 1}]", etree.fromstring(archive.read(name))

    @pytest.mark.parametrize("by_name", [False, True])
    def test_the_characters_of_marks_do_not_count(self, reader, made, kobo, marked, by_name):
        digest = fetch(made, marked)
        way, page = self.chapter(marked)
        paragraphs = list(page.iter("{*}p"))
        index = next(index for index, one in enumerate(paragraphs) if JOINER in one.text)
        text = paragraphs[index].text.partition(". End.")[0]
        place = f"{way}/body/section/p[{index + 1}]/text()[1].{len(text)}"
        kobo.push(md5("harbour.epub") if by_name else digest, place, 0.9)
        [found] = last(reader, marked.edition.work)
        block = text_of(marked.edition).blocks[found.block]
        assert block[: found.offset] == text.replace(JOINER, "")

    def test_the_line_after_the_last_page_is_the_last_block(self, reader, made, kobo, marked):
        digest = fetch(made, marked)
        way, page = self.chapter(marked)
        kobo.push(digest, f"{way}/body/section/p[{len(list(page.iter('{*}p')))}]/text().0", 1.0)
        [found] = last(reader, marked.edition.work)
        assert found.block == len(text_of(marked.edition).blocks) - 1


class TestLatePushes:
    def test_move_the_place_of_the_device_and_never_the_furthest(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        work = sale.edition.work
        kobo.is_online = False
        kobo.push(digest, "/body/DocFragment[3]/body/section/p[1]/text().0", 0.9)
        browser = make_place(reader, sale.edition, block=3, share_bps=700)
        furthest = {"user": reader, "work": work, "edition": sale.edition, "block": 3, "share_bps": 700}
        FurthestPlace.objects.create(**furthest, at=clock.now())
        with clock.frozen(clock.now() + timedelta(days=20)):
            kobo.drain()
        browser.refresh_from_db()
        assert (browser.block, browser.share_bps) == (3, 700)
        assert FurthestPlace.objects.get().share_bps == 700
        assert Entitlement.objects.get(user=reader).furthest_bps == 0
        assert [place.device.name for place in last(reader, work)] == ["", "Kobo_nova"]

    def test_come_in_the_order_of_the_queue(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        kobo.is_online = False
        for share in (0.2, 0.4, 0.6):
            kobo.push(digest, "nowhere", share)
        kobo.drain()
        [place] = last(reader, sale.edition.work)
        assert place.share_bps == 6000

    def test_a_day_of_reading_is_noted(self, reader, made, kobo, sale):
        digest = fetch(made, sale)
        before = AccessRecord.objects.filter(kind="read").count()
        kobo.push(digest, "nowhere", 0.2)
        kobo.push(digest, "nowhere", 0.3)
        assert AccessRecord.objects.filter(kind="read").count() == before + 1


class TestOffers:
    PAGE = "/account/devices/"

    @pytest.fixture
    def named(self, kobo):
        kobo.send_metadata = True
        return kobo

    @pytest.mark.parametrize(
        "name", ["The Lighthouse.epub", "the_lighthouse.kepub.epub", "The Lighthouse (2026) [retail].epub"]
    )
    def test_a_file_whose_name_fits_is_offered_as_the_book(self, reader, named, signed_in, name):
        book = make_book()
        buy(reader, book)
        named.push(FOREIGN, PLACE, 0.5, filename=name)
        page = signed_in.get(self.PAGE).content.decode()
        assert "The Lighthouse" in page
        place = SyncedPlace.objects.get()
        assert (place.match, place.work) == (BookMatch.OFFERED, book.work)
        assert not LastPlace.objects.exists()

    def test_not_for_a_name_that_fits_none_or_two_or_is_not_sent(self, reader, named):
        for title in ("The Lighthouse", "Twins", "Twins"):
            buy(reader, make_book(title=title))
        for number, name in enumerate(["The Lamp.epub", "Twins.epub", ""]):
            named.push(md5(str(number)), PLACE, 0.5, filename=name)
        named.send_metadata = False
        named.push(FOREIGN, PLACE, 0.5)
        assert set(SyncedPlace.objects.values_list("match", flat=True)) == {BookMatch.NONE}

    def test_yes_makes_it_the_book(self, reader, named, signed_in, sale):
        named.push(FOREIGN, PLACE, 0.5, filename=f"{sale.edition.work.title}.epub")
        place = SyncedPlace.objects.get()
        response = signed_in.post(f"/account/devices/files/{place.public_id}/", {"answer": "yes"})
        assert response["Location"] == self.PAGE
        named.push(FOREIGN, "/body/DocFragment[99]/body/p/text().0", 0.5)
        [known] = last(reader, sale.edition.work)
        assert known.share_bps == 5000
        assert "yes" not in signed_in.get(self.PAGE).content.decode().partition("<main")[2]

    def test_a_place_in_other_words_than_ours_counts_by_its_share(self, reader, named, signed_in, sale):
        named.push(FOREIGN, PLACE, 0.5, filename=f"{sale.edition.work.title}.epub")
        SyncedPlace.objects.update(match=BookMatch.ACCEPTED)
        named.push(FOREIGN, "/body/DocFragment[3]/body/section/p[1]/text().0", 0.99)
        [known] = last(reader, sale.edition.work)
        assert (known.block, known.share_bps) == (None, 9900)

    def test_no_is_asked_once(self, reader, named, signed_in, sale):
        for _time in range(2):
            named.push(FOREIGN, PLACE, 0.5, filename=f"{sale.edition.work.title}.epub")
            place = SyncedPlace.objects.get()
            signed_in.post(f"/account/devices/files/{place.public_id}/", {"answer": "no"})
        assert SyncedPlace.objects.get().match == BookMatch.DECLINED
        signed_in.post(f"/account/devices/files/{place.public_id}/", {"answer": "yes"})
        assert SyncedPlace.objects.get().match == BookMatch.DECLINED
        assert not LastPlace.objects.exists()
        assert named.pull(FOREIGN)["progress"] == PLACE

    def test_nobody_answers_for_another(self, reader, named, client, sale):
        named.push(FOREIGN, PLACE, 0.5, filename=f"{sale.edition.work.title}.epub")
        client.force_login(make_reader())
        place = SyncedPlace.objects.get()
        assert client.post(f"/account/devices/files/{place.public_id}/", {"answer": "yes"}).status_code == 404
        assert SyncedPlace.objects.get().match == BookMatch.OFFERED
