"""What staff read of works that are not theirs: operators say why, moderators need an open case; each read is written
down."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from conversion.models import Artifact
from publishing.models import Edition
from storefront.community.models import CaseState, ReviewCase
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.factories.publishing import make_contributor, make_edition, make_published_edition, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Edition:
    return make_edition(work=make_work(owner=make_author()))


@pytest.fixture
def book() -> Edition:
    return make_published_edition(slug="the-lamp", title="The Lamp", owner=make_author())


def case_about(book: Edition, state: CaseState = CaseState.OPEN, **facts) -> ReviewCase:
    return ReviewCase.objects.create(
        work=book.work, reported="book", writer=book.work.owner, state=state, opened_at=clock.now(), **facts
    )


def pages_of(edition: Edition) -> dict[str, str]:
    work = edition.work.public_id
    return {
        **{name: reverse(name, args=[work]) for name in ("work", "work-proof", "work-sheet", "work-remarks")},
        **{name: reverse(name, args=[work]) for name in ("work-preview", "work-people", "work-editions")},
        "work-preview-chapter": reverse("work-preview-chapter", args=[work, "c1"]),
        "work-manuscript-file": reverse("work-manuscript-file", args=[work, edition.manuscript.public_id]),
        "work-artifact": reverse("work-artifact", args=[work, edition.job.artifacts.get(kind="epub").public_id]),
    }


def files_of(book: Edition) -> dict[str, str]:
    artifact = book.job.artifacts.get(kind="epub")
    return {
        "reading:read": reverse("reading:read", args=[book.work.slug]),
        "reading:chapter": reverse("reading:chapter", args=[book.work.slug, "c1"]),
        "library:file": reverse("library:file", args=[book.work.public_id, artifact.public_id]),
    }


def fetch(client: Client, address: str) -> int:
    """The status; a file is read to its end, and closed."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return answer.status_code


def say_why(client: Client, edition: Edition, reason: str = "Complaint 4711") -> None:
    client.post(reverse("staff-why", args=[edition.work.public_id]), {"reason": reason})


def reads() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb="work.read").order_by("pk"))


class TestFilesOfABook:
    """A chapter's text has an address of its own: whoever asks for it without the reader's page has read the book."""

    def chapter(self, book: Edition) -> str:
        return reverse("reading:file", args=[book.work.slug, book.public_id, "chapters/c1.xhtml"])

    def test_by_a_moderator_are_written_down(self, client: Client, book: Edition) -> None:
        case_about(book)
        client.force_login(make_moderator())
        assert fetch(client, self.chapter(book)) == 200
        assert [entry.facts["page"] for entry in reads()] == ["reading:file"]

    def test_by_an_operator_keep_the_reason(self, client: Client, book: Edition) -> None:
        client.force_login(make_operator())
        say_why(client, book)
        assert fetch(client, self.chapter(book)) == 200
        assert [entry.facts["reason"] for entry in reads()] == ["Complaint 4711"]

    def test_are_one_entry_with_their_page(self, client: Client, book: Edition) -> None:
        case_about(book)
        client.force_login(make_moderator())
        for address in (files_of(book)["reading:read"], self.chapter(book), self.chapter(book)):
            assert fetch(client, address) == 200
        assert [entry.facts["page"] for entry in reads()] == ["reading:read"]


class TestOperator:
    @pytest.mark.parametrize(
        "name",
        [
            *["work", "work-proof", "work-sheet", "work-remarks", "work-preview"],
            *["work-people", "work-editions", "work-preview-chapter"],
            *["work-manuscript-file", "work-artifact"],
        ],
    )
    def test_says_why_before_anything_of_a_draft_is_shown(self, client: Client, draft: Edition, name: str) -> None:
        operator, address = make_operator(), pages_of(draft)[name]
        client.force_login(operator)
        asked = client.get(address)
        assert asked["Location"].startswith(reverse("staff-why", args=[draft.work.public_id]))
        assert not reads()
        say_why(client, draft)
        assert fetch(client, address) == 200
        (entry,) = reads()
        assert (entry.actor, entry.subject_id) == (operator, draft.work.public_id)
        assert (entry.facts["page"], entry.facts["reason"]) == (name, "Complaint 4711")

    @pytest.mark.parametrize("name", ["reading:read", "reading:chapter", "library:file"])
    def test_and_of_a_book_that_they_did_not_buy(self, client: Client, book: Edition, name: str) -> None:
        client.force_login(make_operator())
        assert "/staff/why/" in client.get(files_of(book)[name])["Location"]
        say_why(client, book)
        assert fetch(client, files_of(book)[name]) == 200
        assert [entry.facts["page"] for entry in reads()] == [name]

    def test_the_reason_holds_for_one_work(self, client: Client, draft: Edition, book: Edition) -> None:
        client.force_login(make_operator())
        say_why(client, draft)
        assert "/staff/why/" in client.get(reverse("work", args=[book.work.public_id]))["Location"]

    def test_and_for_an_hour(self, client: Client, draft: Edition, monkeypatch) -> None:
        operator = make_operator()
        client.force_login(operator)
        say_why(client, draft)
        now, address = clock.real_now(), reverse("work", args=[draft.work.public_id])
        for minutes in (25, 50):
            monkeypatch.setattr(clock, "real_now", lambda minutes=minutes: now + timedelta(minutes=minutes))
            assert client.get(address).status_code == 200
        monkeypatch.setattr(clock, "real_now", lambda: now + timedelta(minutes=61))
        assert "/staff/why/" in client.get(address)["Location"]

    def test_parts_of_pages_need_it_and_are_not_counted(self, client: Client, draft: Edition) -> None:
        client.force_login(make_operator())
        address = reverse("work-proof-status", args=[draft.work.public_id])
        assert client.get(address, headers={"hx-request": "true"}).status_code == 403
        say_why(client, draft)
        assert fetch(client, pages_of(draft)["work-proof"]) == 200
        assert client.get(address).status_code in {200, 204}
        assert [entry.facts["page"] for entry in reads()] == ["work-proof"]

    def test_their_own_book_is_nobodys_business(self, client: Client) -> None:
        both = make_author(is_operator=True)
        edition = make_edition(work=make_work(owner=both))
        client.force_login(both)
        assert client.get(reverse("work", args=[edition.work.public_id])).status_code == 200
        assert not reads()

    def test_may_not_save_a_place_in_the_reader(self, client: Client, book: Edition) -> None:
        client.force_login(make_operator())
        say_why(client, book)
        page = client.get(files_of(book)["reading:read"]).content.decode()
        assert '"sync": ""' in page


class TestModerator:
    def test_sees_nothing_without_a_case(self, client: Client, book: Edition) -> None:
        client.force_login(make_moderator())
        for address in pages_of(book).values():
            assert client.get(address).status_code == 404
        assert client.get(files_of(book)["library:file"]).status_code == 404
        assert client.get(files_of(book)["reading:read"]).status_code in {302, 404}
        assert not reads()

    @pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.APPEALED])
    def test_sees_what_an_open_case_is_about(self, client: Client, book: Edition, state: CaseState) -> None:
        case, moderator = case_about(book, state), make_moderator()
        client.force_login(moderator)
        addresses = pages_of(book) | files_of(book)
        for name, address in addresses.items():
            assert fetch(client, address) == 200, name
        assert [entry.facts["page"] for entry in reads()] == list(addresses)
        assert {entry.facts["reason"] for entry in reads()} == {case.public_id}

    @pytest.mark.parametrize("state", [CaseState.DECIDED, CaseState.CLOSED])
    def test_sees_nothing_once_it_is_closed(self, client: Client, book: Edition, state: CaseState) -> None:
        case_about(book, state)
        client.force_login(make_moderator())
        assert {client.get(address).status_code for address in pages_of(book).values()} == {404}

    def test_nor_of_a_book_of_their_own(self, client: Client, book: Edition) -> None:
        case_about(book)
        both = make_author(is_moderator=True)
        make_contributor(book.work, user=both)
        client.force_login(both)
        client.get(reverse("work", args=[book.work.public_id]))
        assert not reads()  # they see it as a maker, and decide nothing about it

    def test_nor_whoever_decided_what_is_appealed_against(self, client: Client, book: Edition) -> None:
        first = make_moderator()
        case_about(book, CaseState.APPEALED, decided_by=first, decided_at=clock.now())
        client.force_login(first)
        assert client.get(reverse("work", args=[book.work.public_id])).status_code == 404

    def test_a_case_about_a_review_opens_no_book(self, client: Client, book: Edition) -> None:
        ReviewCase.objects.create(work=book.work, writer=make_author(), opened_at=clock.now())
        client.force_login(make_moderator())
        assert client.get(reverse("work", args=[book.work.public_id])).status_code == 404

    def test_changes_nothing(self, client: Client, book: Edition) -> None:
        case_about(book)
        client.force_login(make_moderator())
        for name in ("work-manuscript", "work-details", "work-price", "work-publish"):
            assert client.post(reverse(name, args=[book.work.public_id])).status_code == 403

    def test_the_copy_says_whose_it_is(self, client: Client, book: Edition) -> None:
        case, moderator = case_about(book), make_moderator()
        client.force_login(moderator)
        copy = b"".join(client.get(files_of(book)["library:file"]).streaming_content)
        with zipfile.ZipFile(io.BytesIO(copy)) as archive:
            assert case.public_id.encode() in archive.comment
            assert moderator.public_id.encode() in archive.comment
            assert archive.testzip() is None

    def test_and_a_pdf_as_well(self, client: Client, book: Edition) -> None:
        case_about(book)
        moderator = make_moderator()
        client.force_login(moderator)
        pdf = Artifact.objects.filter(job=book.job, kind="pdf").first()
        assert pdf is not None
        answer = client.get(reverse("library:file", args=[book.work.public_id, pdf.public_id]))
        copy = b"".join(answer.streaming_content)
        assert copy.startswith(b"pdf phone")
        assert moderator.public_id.encode() in copy

    def test_finance_gets_no_sample_either(self, client: Client, book: Edition) -> None:
        client.force_login(make_finance())
        assert client.get(files_of(book)["reading:read"]).status_code == 404


class TestFinance:
    def test_who_saw_whose_page_is_written_down(self, client: Client) -> None:
        author, finance = make_author(), make_finance()
        client.force_login(finance)
        client.get(reverse("finance-contributor", args=[author.public_id]))
        client.get(reverse("finance-contributors"))
        entries = AuditEntry.objects.filter(verb="finance.read").order_by("pk")
        assert [(entry.actor, entry.facts) for entry in entries] == [
            (finance, {"page": "finance-contributor", "what": author.public_id}),
            (finance, {"page": "finance-contributors"}),
        ]

    def test_what_was_refused_is_not(self, client: Client) -> None:
        client.force_login(make_author())
        client.get(reverse("finance-contributors"))
        client.force_login(make_finance())
        client.get(reverse("finance-contributor", args=["usr_x"]))
        assert not AuditEntry.objects.filter(verb="finance.read").exists()

    def test_an_operators_look_as_well(self, client: Client) -> None:
        client.force_login(make_operator())
        client.get(reverse("helpdesk-requests"))
        assert AuditEntry.objects.get(verb="finance.read").facts == {"page": "helpdesk-requests"}
