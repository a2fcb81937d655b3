"""Marked copies: made when fetched, in every way out, the same bytes each time, and known to KOReader's sync."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core import mail
from django.test import Client

from common import clock, storage
from conversion.engine.api import watermark
from conversion.models import Artifact
from publishing import services as publishing_services
from publishing.models import Edition
from storefront.advance_copies.services import invitations, links
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Entitlement
from storefront.devices.models import Scope
from storefront.devices.services import app_passwords
from storefront.library.models import DigestKind, FileDigest, WatermarkedCopy
from storefront.library.selectors.file_digests import file_with
from storefront.library.services import file_digests, watermarks
from storefront.sending.services import deliveries, pick_ups
from tests.conversion.watermark.stamped import novel
from tests.factories.accounts import make_member, make_reader
from tests.factories.advance_copies import invite, make_draft, make_offer
from tests.factories.advance_copies import make_copy as make_advance_copy
from tests.factories.buying import add_edition, buy, make_book
from tests.factories.conversion import make_artifact
from tests.factories.offers import give, token_of
from tests.factories.sending import make_confirmed_device
from tests.storefront.devices.clients import ATOM, KOReader
from tests.storefront.devices.kosync_client import partial_md5

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("postman")]


LAST_PAGE = "EPUB/text/ch-8.xhtml"


def make_marked(*kinds: str, title: str = "The Lighthouse"):
    """A book whose copies are marked, with real files of these kinds."""
    book = make_book(title=title)
    put_files(book, *(kinds or ("epub",)))
    publishing_services.set_watermark(actor=book.work.owner, work=book.work, is_watermarked=True)
    book.work.refresh_from_db()
    return book


def put_files(edition, *kinds):
    edition.job.artifacts.filter(kind__in=("epub", *kinds)).delete()
    for kind in kinds:
        make_artifact(edition.job, kind=kind, content=novel(kind))


def fetch(client, book, kind="epub", **headers) -> bytes:
    file = book.job.artifacts.get(kind=kind)
    answer = client.get(f"/library/{book.work.public_id}/{file.public_id}/", follow=True, headers=headers)
    return b"".join(answer)


def named(content: bytes, *copies: WatermarkedCopy) -> list[WatermarkedCopy]:
    """The copies that the marks of a file name, of all that were handed out."""
    jobs = Edition.objects.filter(work__in=[copy.work_id for copy in copies]).values("job")
    sums = tuple(Artifact.objects.filter(job__in=jobs).values_list("sha256", flat=True))
    keys = [watermark.CopyKey(copy.public_id, copy.token, copy.number, sums) for copy in copies]
    found = watermark.weigh(watermark.marks_in(io.BytesIO(content)), keys)
    return [WatermarkedCopy.objects.get(public_id=one.copy.name) for one in found if one.verdict == "named"]


@pytest.fixture
def marked(db):
    return make_marked()


@pytest.fixture
def buyer(client, marked):
    reader = make_member()
    buy(reader, marked)
    client.force_login(reader)
    return reader


class TestDownload:
    def test_is_the_same_each_time_and_another_for_each_buyer(self, client, marked, buyer):
        other = make_reader()
        buy(other, marked)
        first, again = fetch(client, marked), fetch(client, marked)
        client.force_login(other)
        others = fetch(client, marked)
        assert first == again != others
        mine, theirs = WatermarkedCopy.objects.order_by("pk")
        assert (mine.entitlement.user, theirs.entitlement.user) == (buyer, other)
        assert named(first, mine, theirs) == [mine]
        assert named(others, mine, theirs) == [theirs]

    def test_is_not_stored(self, client, marked, buyer):
        before = sum(1 for _file in _stored())
        fetch(client, marked)
        assert sum(1 for _file in _stored()) == before

    def test_in_parts_is_the_same_file(self, client, marked, buyer):
        whole = fetch(client, marked)
        assert fetch(client, marked, Range="bytes=100-") == whole[100:]
        assert fetch(client, marked, Range="bytes=-7") == whole[-7:]
        assert fetch(client, marked, Range=f"bytes={len(whole)}-") == b""

    def test_the_line_has_the_number_of_the_order(self, client, marked, buyer):
        order = Entitlement.objects.get().line.order.public_id
        assert watermark.marks_in(io.BytesIO(fetch(client, marked))).numbers == {order}

    def test_comes_from_this_process_also_where_a_bucket_has_the_files(self, client, marked, buyer, settings):
        settings.DOWNLOAD_BACKEND = "accel"
        assert fetch(client, marked)[:2] == b"PK"

    def test_a_later_edition_has_the_marks_of_the_same_copy(self, client, marked, buyer):
        fetch(client, marked)
        newer = add_edition(marked.work)
        put_files(newer, "kepub")
        copy = WatermarkedCopy.objects.get()
        assert named(fetch(client, newer, "kepub"), copy) == [copy]

    def test_other_files_and_other_books_have_none(self, client, marked, buyer):
        plain = make_book()
        put_files(plain, "epub")
        buy(buyer, plain)
        publishing_services.set_watermark(actor=plain.work.owner, work=plain.work, is_watermarked=True)
        assert fetch(client, plain) == novel(), "bought before"
        pdf = marked.job.artifacts.get(kind="pdf", target="phone")
        assert watermarks.copy_for(reader=buyer, work=marked.work, artifact=pdf, at=clock.now()) is None
        assert not WatermarkedCopy.objects.exists()

    def test_the_owner_gets_the_file_as_it_is(self, client, marked):
        client.force_login(marked.work.owner)
        assert fetch(client, marked) == novel()

    def test_a_file_that_cannot_be_marked_is_handed_out_as_it_is(self, client, buyer, marked, caplog):
        marked.job.artifacts.filter(kind="epub").delete()
        make_artifact(marked.job, kind="epub", content=b"no archive")
        assert fetch(client, marked) == b"no archive"
        assert "library.stamp_failed" in caplog.text


class TestOtherWaysOut:
    def test_on_a_device_with_its_head_and_no_size_in_the_feed(self, marked):
        reader = make_reader()
        buy(reader, marked)
        made = app_passwords.make(actor=reader, name="Kobo", scopes=[Scope.CATALOGUE], address=None, at=clock.now())
        koreader = KOReader(("kobo", made.text))
        feed = koreader.feed("/opds/v1.2/shelf")
        (link,) = [one for one in feed.iter(f"{ATOM}link") if one.get("title") == "EPUB"]
        assert link.get("length") is None
        head, answer = koreader.fetch(link.get("href"), "HEAD"), koreader.fetch(link.get("href"))
        assert head["Content-Length"] == str(len(answer.body))
        assert named(answer.body, WatermarkedCopy.objects.get())

    def test_by_email(self, buyer, marked, django_capture_on_commit_callbacks):
        put_files(marked, "epub", "kindle")
        device = make_confirmed_device(buyer)
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            deliveries.send_book(
                actor=buyer, device_id=device.public_id, work_id=marked.work.public_id, token=None, at=clock.now()
            )
        (sent,) = mail.outbox
        copy = WatermarkedCopy.objects.get()
        assert named(sent.attachments[0].content, copy) == [copy]

    def test_on_the_browser_of_an_e_reader(self, buyer, marked):
        put_files(marked, "kepub")
        e_reader = Client(headers={"user-agent": "Kobo Touch"})
        code = re.search(r"<h2[^>]*>([A-Z]{6})</h2>", (page := e_reader.get("/e/")).content.decode())[1]
        pick_ups.give(actor=buyer, code=code, work_id=marked.work.public_id, at=clock.now())
        screen = e_reader.get(re.fullmatch(r"\d+;url=(.+)", page["Refresh"])[1]).content.decode()
        link = re.search(r'href="([^"]+\.kepub\.epub)"', screen)[1]
        copy_of = b"".join(e_reader.get(link))
        assert named(copy_of, WatermarkedCopy.objects.get())


class TestGift:
    def test_carries_the_number_of_the_copy_as_its_reader_has_no_order(self, client, marked):
        gift, friend = give(make_reader(), marked), make_reader()
        gifts.redeem(actor=friend, token=token_of(gift), country="US", has_consented=True, at=clock.now())
        client.force_login(friend)
        content = fetch(client, marked)
        copy = WatermarkedCopy.objects.get()
        assert copy.entitlement.user == friend
        assert watermark.marks_in(io.BytesIO(content)).numbers == {copy.public_id}


class TestAdvanceCopy:
    def test_carries_marks_as_its_reader_was_told(self, client):
        draft, friend = make_draft(), make_reader()
        put_files(draft, "epub")
        author = draft.work.owner
        publishing_services.set_watermark(actor=author, work=draft.work, is_watermarked=True)
        make_offer(draft.work)
        [invitation] = invite(draft.work, "friend@example.org")
        token = links.token_of(invitation)
        assert "carry marks of your copy" in client.get(f"/advance-copies/invitation/{token}/").content.decode()
        invitations.accept(actor=friend, token=token, at=clock.now())
        publishing_services.set_watermark(actor=author, work=draft.work, is_watermarked=False)
        client.force_login(friend)
        content = fetch(client, draft)
        copy = WatermarkedCopy.objects.get()
        assert (copy.reader, copy.line) == (friend, None)
        assert watermark.marks_in(io.BytesIO(content)).numbers == {copy.public_id}
        assert named(content, copy) == [copy]
        assert fetch(client, draft) == content

    def test_who_bought_without_marks_gets_none(self, client):
        draft, friend = make_draft(), make_reader()
        put_files(draft, "epub")
        make_advance_copy(draft.work, friend)
        publishing_services.set_watermark(actor=draft.work.owner, work=draft.work, is_watermarked=True)
        client.force_login(friend)
        assert fetch(client, draft) == novel()


class TestName:
    def line(self, client, book, **sent):
        return client.post(f"/library/{book.work.public_id}/line/", sent)

    def test_stands_in_the_line_if_the_reader_wants_it(self, client, marked, buyer):
        before = fetch(client, marked)
        assert self.line(client, marked, show="on").status_code == 302
        page = client.get(f"/library/{marked.work.public_id}/").content.decode()
        assert f"says “{buyer.display_name}”" in page
        content = fetch(client, marked)
        assert buyer.display_name in zipfile.ZipFile(io.BytesIO(content)).read(LAST_PAGE).decode()
        for file in (before, content):  # the earlier one may be on a device
            assert file_with(user=buyer, digest=partial_md5(file)) is not None
        self.line(client, marked)
        assert fetch(client, marked) == before

    def test_is_the_readers_own_choice(self, client, marked, buyer):
        client.force_login(make_reader())
        assert self.line(client, marked, show="on").status_code == 404
        assert not WatermarkedCopy.objects.exists()


class TestDigests:
    def test_of_a_marked_file_are_known_before_it_arrives(self, client, marked, buyer):
        content = fetch(client, marked)
        row = FileDigest.objects.get(copy__isnull=False)
        assert row.digest == partial_md5(content) != partial_md5(novel())
        found = file_with(user=buyer, digest=row.digest)
        assert found is not None
        assert found.edition == marked
        assert file_with(user=make_reader(), digest=row.digest) is None
        fetch(client, marked)
        assert FileDigest.objects.filter(kind=DigestKind.CONTENT, copy__isnull=False).count() == 1

    def test_of_the_file_without_marks_is_noted_beside_them(self, marked, buyer):
        epub = marked.job.artifacts.get(kind="epub")
        copy = watermarks.copy_for(reader=buyer, work=marked.work, artifact=epub, at=clock.now())
        watermarks.open_marked(epub, copy).close()
        file_digests.note_missing()
        assert FileDigest.objects.filter(artifact=epub, copy=None, digest=partial_md5(novel())).exists()


def _stored():
    home = storage.private()
    folders = [""]
    while folders:
        folder = folders.pop()
        inside, files = home.listdir(folder)
        folders += [f"{folder}/{name}".strip("/") for name in inside]
        yield from files
