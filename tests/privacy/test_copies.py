"""A copy of one's data: whole, one's own alone, one at a time, and gone after its days."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import fields
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts import retention_schedule
from accounts.errors import CopyUnderWay, TooManyCopies
from accounts.models import AuditEntry, CopyState, DataCopy, User
from accounts.services import data_copies, record_audit
from common import clock, storage
from publishing.models import Work
from publishing.services import Details
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader
from tests.factories.buying import buy
from tests.privacy.scene import AUNT_WORDS, EMAIL, IBAN, NAME, WORDS, somebody
from tests.support.standing import Standing

pytestmark = pytest.mark.django_db
PASSWORD = "bees beside a river"


def made_copy(person: User) -> DataCopy:
    asked = data_copies.request_copy(actor=person, at=clock.now())
    data_copies.make_copy(copy_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == CopyState.MADE
    return asked


def opened(made: DataCopy) -> zipfile.ZipFile:
    with storage.private().open(made.file) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture(scope="module", autouse=True)
def standing_person(standing: Standing) -> int:
    return standing(lambda: somebody(with_rest=True)).pk


@pytest.fixture
def person(db: None, standing_person: int) -> User:
    """With a row in nearly every table."""
    return User.objects.get(pk=standing_person)


@pytest.fixture
def reader() -> User:
    """Without a password to be asked for."""
    person = make_reader()
    person.set_unusable_password()
    person.save()
    return person


@pytest.fixture
def made(reader: User) -> DataCopy:
    return made_copy(reader)


class TestSuspicions:
    """What is told to nobody on their account's pages is not in their copy either."""

    def test_are_left_out(self, reader: User) -> None:
        AuditEntry.objects.create(at=NOON, verb="fraud_warning.kept", about=reader)
        record_audit(actor=reader, verb="user.became_author", subject=reader)
        verbs = [row["verb"] for row in json.loads(opened(made_copy(reader)).read("activity.json"))["audit_entry"]]
        assert "user.became_author" in verbs
        assert "fraud_warning.kept" not in verbs

    def test_but_for_whoever_acted_on_them(self, reader: User) -> None:
        AuditEntry.objects.create(at=NOON, verb="fraud_warning.kept", actor=reader)
        verbs = [row["verb"] for row in json.loads(opened(made_copy(reader)).read("activity.json"))["audit_entry"]]
        assert "fraud_warning.kept" in verbs


class TestWhatIsInIt:
    def test_every_table_that_is_copied_is_there(self, person: User) -> None:
        archive = opened(made_copy(person))
        files = {name: json.loads(archive.read(f"{name}.json")) for name in retention_schedule.files()}
        empty = [
            held.table._meta.label
            for rule, held in retention_schedule.held()
            if held.copied and not files[rule.file][held.key] and held.key != "deletion"
        ]
        assert empty == []

    def test_it_has_every_detail_of_ones_books(self) -> None:
        copied = {column for _, held in retention_schedule.held() if held.table is Work for column in held.copied}
        assert {field.name for field in fields(Details)} - {"series"} <= copied
        assert "series__title" in copied

    def test_it_says_what_it_is(self, person: User) -> None:
        archive = opened(made_copy(person))
        (profile,) = json.loads(archive.read("profile.json"))["user"]
        assert (profile["email"], profile["display_name"]) == (EMAIL, NAME)
        assert WORDS in archive.read("reviews.json").decode()
        assert AUNT_WORDS in archive.read("orders.json").decode()
        readme = archive.read("README.txt").decode()
        assert all(f"{name}.json" in readme for name in retention_schedule.files())

    def test_it_has_the_receipts(self, reader: User) -> None:
        order = buy(reader)
        receipt = opened(made_copy(reader)).read(f"receipts/{order.public_id}.txt").decode()
        assert "$4.99" in receipt
        assert "Octavo Tests" in receipt

    def test_it_has_nothing_of_anybody_else(self, reader: User) -> None:
        archive = opened(made_copy(reader))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert EMAIL.encode() not in everything
        assert json.loads(archive.read("orders.json"))["order"] == []

    def test_bank_details_are_masked(self, person: User) -> None:
        archive = opened(made_copy(person))
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert IBAN.encode() not in everything
        assert "DE •••• 3000" in everything.decode()

    def test_it_speaks_the_persons_language(self) -> None:
        archive = opened(made_copy(make_reader(language="de", country="DE")))
        assert "Was hier fehlt:" in archive.read("README.txt").decode()


class TestAsking:
    def test_one_at_a_time(self, reader: User) -> None:
        data_copies.request_copy(actor=reader, at=clock.now())
        with pytest.raises(CopyUnderWay):
            data_copies.request_copy(actor=reader, at=clock.now())
        data_copies.request_copy(actor=make_reader(), at=clock.now())

    def test_three_a_day(self, reader: User) -> None:
        for _ in range(data_copies.MAX_COPIES_PER_DAY):
            made_copy(reader)
        with pytest.raises(TooManyCopies):
            data_copies.request_copy(actor=reader, at=clock.now())
        data_copies.request_copy(actor=reader, at=clock.now() + timedelta(days=1, seconds=1))

    def test_a_mail_says_when_it_is_there_once(self, made: DataCopy, reader: User) -> None:
        assert data_copies.mail_copy(copy_id=made.pk)
        assert not data_copies.mail_copy(copy_id=made.pk)
        (told,) = mail.outbox
        assert told.to == [reader.email]
        assert reverse("your-data") in told.body


class TestMaking:
    def test_a_second_message_leaves(self, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = data_copies.request_copy(actor=reader, at=clock.now())
        assert data_copies._claim(asked.pk) == 1
        data_copies.make_copy(copy_id=asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.attempt) == (CopyState.WAITING, 1)

    def test_whoever_lost_the_claim_writes_nothing(self, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = data_copies.request_copy(actor=reader, at=clock.now())
        write = data_copies.data_copy_archive.write

        def overtaken(*arguments: object) -> None:
            write(*arguments)  # type: ignore[arg-type]
            DataCopy.objects.filter(pk=asked.pk).update(fencing_token=9)

        monkeypatch.setattr(data_copies.data_copy_archive, "write", overtaken)
        data_copies.make_copy(copy_id=asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.file) == (CopyState.WAITING, "")
        assert not [name for name in storage.private().listdir("copies")[1] if asked.public_id in name]

    def test_three_failures_are_the_end(self, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_arguments: object) -> None:
            raise OSError("no space")

        monkeypatch.setattr(data_copies.data_copy_archive, "write", broken)
        asked = data_copies.request_copy(actor=reader, at=clock.now())
        for attempt in (1, 2, 3):
            DataCopy.objects.update(lease_until=None)
            data_copies.make_copy(copy_id=asked.pk)
            asked.refresh_from_db()
            assert asked.attempt == attempt
        assert asked.state == CopyState.FAILED

    def test_the_sweeper_finds_what_a_killed_worker_left(
        self, reader: User, django_capture_on_commit_callbacks: object
    ) -> None:
        asked = data_copies.request_copy(actor=reader, at=clock.now())
        data_copies._claim(asked.pk)
        past = clock.real_now() - timedelta(hours=1)
        DataCopy.objects.filter(pk=asked.pk).update(lease_until=past)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            data_copies.retry_stuck(at=clock.now())
        asked.refresh_from_db()
        assert (asked.state, asked.attempt) == (CopyState.MADE, 2)


class TestForgetting:
    def test_row_and_file_go_after_their_days(self, made: DataCopy) -> None:
        assert made.expires_at is not None
        data_copies.retry_stuck(at=made.expires_at - timedelta(seconds=1))
        assert storage.private().exists(made.file)
        data_copies.retry_stuck(at=made.expires_at)
        assert not DataCopy.objects.filter(pk=made.pk).exists()
        assert not storage.private().exists(made.file)

    def test_files_without_a_row_go(self, made: DataCopy, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(data_copies, "_ORPHANED_AFTER", timedelta(seconds=-1))
        assert data_copies.drop_orphans() == 0 or storage.private().exists(made.file)
        DataCopy.objects.all().delete()
        written = clock.real_now().timestamp()
        os.utime(storage.private().path(made.file), (written, written))
        assert data_copies.drop_orphans() >= 1
        assert not storage.private().exists(made.file)


class TestPages:
    def address(self, made: DataCopy) -> str:
        return reverse("data-copy", args=[made.public_id])

    def test_only_the_person_downloads_it(self, client, made: DataCopy, reader: User) -> None:  # type: ignore[no-untyped-def]
        assert "/accounts/login/" in client.get(self.address(made))["Location"]
        for other in (make_reader(), make_finance(), make_moderator(), make_operator()):
            client.force_login(other)
            assert client.get(self.address(made)).status_code == 404
            assert made.public_id not in client.get(reverse("your-data")).content.decode()
        client.force_login(reader)
        answer = client.get(self.address(made))
        assert answer.status_code == 200
        assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")

    def test_not_when_its_days_are_over(self, client, made: DataCopy, reader: User) -> None:  # type: ignore[no-untyped-def]
        client.force_login(reader)
        with clock.frozen(clock.now() + data_copies.KEPT_FOR):
            assert client.get(self.address(made)).status_code == 404

    @pytest.fixture
    def unconfirmed(self, client, reader: User):  # type: ignore[no-untyped-def]
        reader.set_password(PASSWORD)
        reader.save()
        client.force_login(reader)
        return client

    def test_the_password_is_asked_for(self, unconfirmed, made: DataCopy, reader: User) -> None:  # type: ignore[no-untyped-def]
        assert "/reauthenticate/" in unconfirmed.get(self.address(made))["Location"]
        assert "/reauthenticate/" in unconfirmed.post(reverse("data-copy-ask"))["Location"]
        assert DataCopy.objects.filter(user=reader).count() == 1

    def test_what_was_asked_goes_on_after_it(self, unconfirmed, reader: User) -> None:  # type: ignore[no-untyped-def]
        confirm = unconfirmed.post(reverse("data-copy-ask"))["Location"]
        unconfirmed.post(confirm, {"password": PASSWORD})
        assert DataCopy.objects.filter(user=reader).count() == 1

    def test_the_page_shows_how_it_stands(self, client, reader: User) -> None:  # type: ignore[no-untyped-def]
        client.force_login(reader)
        assert "Request a copy of my data" in client.get(reverse("your-data")).content.decode()
        asked = data_copies.request_copy(actor=reader, at=clock.now())
        assert "We are preparing a copy" in client.get(reverse("your-data")).content.decode()
        data_copies.make_copy(copy_id=asked.pk)
        assert self.address(asked) in client.get(reverse("your-data")).content.decode()
