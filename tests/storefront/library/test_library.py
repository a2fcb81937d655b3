"""The shelf of what was bought, and its files."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from common import clock
from publishing.models import EditionState
from storefront.checkout import permissions
from storefront.checkout.models import Entitlement
from storefront.checkout.refunds import services as refunds
from storefront.library.selectors import library as library_selectors
from storefront.library.services import downloads
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.conversion import make_artifact
from tests.factories.reading import make_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

EPUB = b"epub "


def epub_of(edition):
    return edition.job.artifacts.get(kind="epub")


def address(edition, artifact=None):
    return f"/library/{edition.work.public_id}/{(artifact or epub_of(edition)).public_id}/"


def fetch(client, link, **headers):
    """The response with its body read, which also closes its file."""
    response = client.get(link, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response.body = b"".join(response)
    return response


class TestMayRead:
    def test_strangers_of_every_role_may_not(self, book):
        for stranger in (make_reader(), make_author(), make_finance(), make_moderator(), make_operator()):
            assert not permissions.may_read(stranger, book.work)

    def test_buyer_while_entitled(self, reader, book):
        line = buy(reader, book).lines.get()
        assert permissions.may_read(reader, book.work)
        refund = refunds.request_refund(actor=reader, line=line, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
        assert not permissions.may_read(reader, book.work)

    def test_owner(self, book):
        assert permissions.may_read(book.work.owner, book.work)

    def test_a_closed_account_may_not(self, reader, book):
        buy(reader, book)
        reader.is_active = False
        assert not permissions.may_read(reader, book.work)


class TestLibrary:
    def test_shows_progress_and_the_newest_edition(self, reader, book):
        buy(reader, book)
        add_edition(book.work)
        for share_bps, minutes in ((9000, 2), (4210, 1)):
            make_place(reader, book, share_bps=share_bps, at=clock.now() - timedelta(minutes=minutes))
        (owned,) = library_selectors.library_of(reader)
        assert (owned.percent_read, owned.edition_label, owned.is_updated) == (42, "2", True)

    def test_queries_do_not_grow(self, reader, django_assert_num_queries):
        for _ in range(4):
            buy(reader, make_book())
        with django_assert_num_queries(4):
            assert len(library_selectors.library_of(reader)) == 4


class TestChooseFile:
    def test_strangers_learn_nothing(self, book):
        client = Client()
        assert client.get(address(book))["Location"].startswith("/accounts/login/")
        for stranger in (make_reader(), make_author(), make_finance(), make_moderator()):
            client.force_login(stranger)
            assert client.get(address(book)).status_code == 404
        client.force_login(make_operator())  # who is asked why first: tests/publishing/test_staff_reads.py
        assert "/staff/why/" in client.get(address(book))["Location"]

    def test_file_of_another_work(self, signed_in, reader, book):
        buy(reader, book)
        other = make_book()
        assert signed_in.get(address(book, epub_of(other))).status_code == 404

    @pytest.mark.parametrize("kind", ["web", "cover", "thumbnail", "sample-web"])
    def test_only_epub_and_pdf_are_downloads(self, signed_in, reader, book, kind):
        buy(reader, book)
        artifact = book.job.artifacts.filter(kind=kind).first()
        assert signed_in.get(address(book, artifact)).status_code == 404

    def test_drafts_are_the_maker_s_alone(self, client, signed_in, reader, book):
        buy(reader, book)
        draft = add_edition(book.work)
        draft.state = EditionState.DRAFT
        draft.save()
        book.state = EditionState.PUBLISHED
        book.save()
        assert signed_in.get(address(draft)).status_code == 404
        owner = Client()
        owner.force_login(book.work.owner)
        assert owner.get(address(draft)).status_code == 302

    def test_buyer_gets_the_newest_also_after_withdrawal(self, signed_in, reader, book):
        buy(reader, book)
        newest = add_edition(book.work)
        newest.state = EditionState.WITHDRAWN
        newest.save()
        assert signed_in.get(address(newest)).status_code == 302
        assert signed_in.get(address(book)).status_code == 404


class TestDownload:
    @pytest.fixture
    def link(self, reader, book):
        buy(reader, book)
        return downloads.download_link(actor=reader, work_id=book.work.public_id, artifact_id=epub_of(book).public_id)

    def test_sends_the_file_safely(self, signed_in, link):
        response = fetch(signed_in, link)
        assert response.body == EPUB
        assert response["Content-Type"] == "application/epub+zip"
        assert response["Content-Disposition"] == 'attachment; filename="The Lighthouse.epub"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"

    def test_is_bound_to_one_person(self, link, book):
        other = Client()
        assert other.get(link).status_code == 302
        reader = make_reader()
        buy(reader, book)
        other.force_login(reader)
        assert other.get(link).status_code == 410

    def test_ends_after_five_minutes(self, signed_in, link, monkeypatch):
        later = timezone.now().timestamp() + 301
        monkeypatch.setattr(signing.time, "time", lambda: later)
        with pytest.raises(downloads.LinkExpired):
            downloads.open_link(actor=Entitlement.objects.get().user, token=link.split("/")[2])

    @pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "x"])
    def test_altered(self, signed_in, link, change):
        assert signed_in.get(f"/download/{change(link.split('/')[2])}/").status_code == 410

    def test_right_that_ended_since(self, signed_in, link):
        Entitlement.objects.update(ended_at=clock.now())
        assert signed_in.get(link).status_code == 404

    def test_ranges(self, signed_in, link):
        response = fetch(signed_in, link, Range="bytes=1-2")
        assert (response.status_code, response.body, response["Content-Range"]) == (206, b"pu", "bytes 1-2/5")
        assert fetch(signed_in, link, Range="bytes=3-").body == b"b "
        assert fetch(signed_in, link, Range="bytes=-2").body == b"b "
        assert fetch(signed_in, link, Range="bytes=2-99").body == b"ub "

    @pytest.mark.parametrize("wanted", ["bytes=5-", "bytes=9-12", "bytes=-0"])
    def test_range_beyond_the_end(self, signed_in, link, wanted):
        response = fetch(signed_in, link, Range=wanted)
        assert (response.status_code, response["Content-Range"]) == (416, "bytes */5")

    @pytest.mark.parametrize("wanted", ["bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", f"bytes={'9' * 5000}-"])
    def test_what_is_no_single_range_gets_the_whole(self, signed_in, link, wanted):
        response = fetch(signed_in, link, Range=wanted)
        assert (response.status_code, response.body) == (200, EPUB)

    def test_resuming_another_file_starts_anew(self, signed_in, link):
        etag = fetch(signed_in, link)["ETag"]
        assert fetch(signed_in, link, Range="bytes=1-", If_Range=etag).status_code == 206
        assert fetch(signed_in, link, Range="bytes=1-", If_Range='"other"').status_code == 200

    def test_web_server_sends_it(self, signed_in, link, book, settings):
        settings.DOWNLOAD_BACKEND = "accel"
        response = fetch(signed_in, link)
        assert response["X-Accel-Redirect"] == f"/_protected/{epub_of(book).file}"
        assert response.content == b""
        assert "The Lighthouse.epub" in response["Content-Disposition"]


class TestFileName:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("The Lighthouse", "The Lighthouse.epub"),
            ("../../etc/passwd", "etc passwd.epub"),
            ('A "B" <C> | D?', "A B C D.epub"),
            ("a\r\nSet-Cookie: x", "a Set-Cookie x.epub"),
            ("", "book.epub"),
            ("Überfahrt", "Überfahrt.epub"),
        ],
    )
    def test_is_safe(self, book, title, name):
        assert downloads.file_name(title, epub_of(book)) == name

    def test_names_the_target(self, book):
        assert downloads.file_name("B", book.job.artifacts.get(kind="pdf", target="phone")) == "B (phone).pdf"

    def test_files_for_one_make_of_reader_are_named_for_it(self, book):
        kobo, kindle = (make_artifact(book.job, kind=kind) for kind in ("kepub", "kindle"))
        assert downloads.file_name("B", kobo) == "B.kepub.epub"
        assert downloads.file_name("B", kindle) == "B (Kindle).epub"

    def test_other_letters_survive_the_header(self, signed_in, reader):
        book = make_book(title="Die Überfahrt")
        buy(reader, book)
        response = fetch(signed_in, signed_in.get(address(book))["Location"])
        assert response["Content-Disposition"] == "attachment; filename*=utf-8''Die%20%C3%9Cberfahrt.epub"
