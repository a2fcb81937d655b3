"""An e-reader's browser shows a code; the phone gives it a book; the e-reader fetches the file."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from common.errors import NotFound
from storefront.checkout.models import AccessRecord
from storefront.checkout.refunds import services as refunds
from storefront.sending.errors import CodeUnknown, NoFile
from storefront.sending.models import Screen
from storefront.sending.services import codes, pick_ups
from tests.factories.accounts import make_member
from tests.factories.buying import buy
from tests.factories.conversion import make_artifact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]

KOBO = {"user-agent": "Mozilla/5.0 (Linux; U; Android 2.0; en-us;) AppleWebKit/538.1 (Kobo Touch 0377/4.38.23038)"}


@pytest.fixture
def member(db):
    return make_member()


def opened(e_reader: Client) -> tuple[str, str]:
    """The code that the e-reader shows, and the address it looks at next."""
    answer = e_reader.get("/e/")
    code = re.search(r"<h2[^>]*>([A-Z]{6})</h2>", answer.content.decode())
    address = re.fullmatch(r"\d+;url=(.+)", answer["Refresh"])
    assert code is not None
    assert address is not None
    return code[1], address[1]


def give(member, code, edition):
    pick_ups.give(actor=member, code=code, work_id=edition.work.public_id, at=clock.now())


class TestWay:
    def test_the_kepub_arrives_on_a_kobo(self, client, member, book):
        make_artifact(book.job, kind="kepub", content=b"a kepub")
        buy(member, book)
        e_reader = Client(headers=KOBO)
        code, address = opened(e_reader)
        assert "Download" not in e_reader.get(address).content.decode()
        client.force_login(member)
        answer = client.post(f"/library/{book.work.public_id}/send/code/", {"code": code.lower()})
        assert answer.status_code == 302
        answer = e_reader.get(address)
        assert "Refresh" not in answer
        page = answer.content.decode()
        assert "The Lighthouse" in page
        link = re.search(r'href="([^"]+\.kepub\.epub)"', page)
        assert link is not None
        assert b"".join(e_reader.head(link[1])) == b""  # reading it closes the file, too
        file = e_reader.get(link[1])
        assert b"".join(file) == b"a kepub"
        assert file["Content-Disposition"].endswith('.kepub.epub"')
        assert AccessRecord.objects.count() == 1

    def test_others_get_the_epub(self, member, book):
        make_artifact(book.job, kind="kepub", content=b"a kepub")
        buy(member, book)
        e_reader = Client()
        code, address = opened(e_reader)
        give(member, code, book)
        page = e_reader.get(address).content.decode()
        assert re.search(r'href="[^"]+(?<!kepub)\.epub"', page)

    def test_the_page_needs_no_script_cookie_or_style_sheet(self, client):
        answer = client.get("/e/")
        assert not answer.cookies
        page = answer.content.decode()
        assert "<script" not in page
        assert "stylesheet" not in page
        assert len(answer.content) < 2_500


class TestCode:
    def test_is_taken_once(self, member, book):
        buy(member, book)
        code, _address = opened(Client())
        give(member, code, book)
        with pytest.raises(CodeUnknown):
            give(member, code, book)

    def test_is_over_after_ten_minutes(self, client, member, book):
        buy(member, book)
        code, address = opened(client)
        Screen.objects.update(opened_at=clock.now() - pick_ups.LASTS)
        with pytest.raises(CodeUnknown):
            give(member, code, book)
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Show a new code" in answer.content.decode()
        pick_ups.close_old(at=clock.now())
        assert not Screen.objects.exists()

    def test_gives_what_one_has_and_nothing_else(self, member, book):
        code, _address = opened(Client())
        with pytest.raises(NotFound):
            give(member, code, book)

    def test_is_kept_while_the_book_has_no_file(self, member, book):
        buy(member, book)
        book.job.artifacts.filter(kind="epub").delete()
        code, _address = opened(Client())
        with pytest.raises(NoFile):
            give(member, code, book)
        assert Screen.objects.get().giver is None

    def test_no_two_screens_show_the_same(self, monkeypatch):
        drawn = iter(["BCDFGH", "BCDFGH", "JKLMNP"])
        monkeypatch.setattr(codes, "random_code", lambda: next(drawn))
        first, _secret = pick_ups.open_screen(is_kobo=False, at=clock.now())
        second, _secret = pick_ups.open_screen(is_kobo=False, at=clock.now())
        assert (first.code, second.code) == ("BCDFGH", "JKLMNP")

    def test_a_wrong_one_is_said_in_the_form(self, client, member, book):
        buy(member, book)
        client.force_login(member)
        answer = client.post(f"/library/{book.work.public_id}/send/code/", {"code": "XXXXXX"})
        assert answer.status_code == 422
        assert "No e-reader shows this code" in answer.content.decode()


class TestFile:
    def test_not_before_a_book_was_given_nor_by_another_address(self, client, member, book):
        buy(member, book)
        code, address = opened(client)
        assert client.get(f"{address}x.epub").status_code == 404
        give(member, code, book)
        assert client.get("/e-reader/guessed/x.epub").status_code == 404

    def test_not_after_a_refund(self, client, member, book):
        line = buy(member, book).lines.get()
        code, address = opened(client)
        give(member, code, book)
        refund = refunds.request_refund(actor=member, line=line, reason="", at=clock.now())
        refunds.send_refund(refund_id=refund.pk)
        assert client.get(f"{address}x.epub").status_code == 404

    def test_the_secret_is_not_stored(self, client):
        _code, address = opened(client)
        secret = address.strip("/").rpartition("/")[2]
        assert secret not in str(Screen.objects.values().get())

    def test_screens_older_than_ten_minutes_are_closed_by_the_sweep(self):
        pick_ups.open_screen(is_kobo=False, at=clock.now() - timedelta(minutes=11))
        newer, _secret = pick_ups.open_screen(is_kobo=False, at=clock.now())
        pick_ups.close_old(at=clock.now())
        assert Screen.objects.get() == newer
