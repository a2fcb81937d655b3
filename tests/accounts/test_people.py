"""People as staff see them: what each kind of staff is shown, what is written down, and acts on a person's request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, DataCopy, Deletion, User
from common import clock
from common.models import PendingMail
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader

pytestmark = pytest.mark.django_db
LIST = "/staff/people/"


@pytest.fixture
def nora() -> User:
    return make_reader(display_name="Nora Quill", email="nora@example.org", country="AT")


def say_why(client: Client, key: str = "people", reason: str = "Request of 3 May") -> None:
    client.post(reverse("staff-why", args=[key]), {"reason": reason})


class TestList:
    def test_moderators_see_names_alone(self, client: Client, nora: User) -> None:
        client.force_login(make_moderator())
        page = client.get(LIST, {"text": "quill"}).content.decode()
        assert "Nora Quill" in page
        for hidden in ("nora@example.org", ">AT", reverse("staff-person", args=[nora.public_id])):
            assert hidden not in page

    def test_and_find_nobody_by_address(self, client: Client, nora: User) -> None:
        client.force_login(make_moderator())
        assert "Nora Quill" not in client.get(LIST, {"text": "nora@example"}).content.decode()

    def test_finance_sees_whom_to_bill(self, client: Client, nora: User) -> None:
        client.force_login(make_finance())
        page = client.get(LIST, {"text": "nora@"}).content.decode()
        assert "nora@example.org" in page
        assert f"{reverse('office:orders')}?text=nora%40example.org" in page
        assert reverse("staff-person", args=[nora.public_id]) not in page
        assert client.get(reverse("staff-person", args=[nora.public_id])).status_code == 404

    def test_operators_say_why_once_an_hour(self, client: Client, nora: User, monkeypatch) -> None:
        client.force_login(make_operator())
        asked = client.get(LIST, {"text": "nora"})
        assert asked["Location"] == f"{reverse('staff-why', args=['people'])}?next=%2Fstaff%2Fpeople%2F%3Ftext%3Dnora"
        page = client.get(asked["Location"]).content.decode()
        assert 'value="/staff/people/?text=nora"' in page
        onward = client.post(asked["Location"], {"reason": "Request of 3 May", "next": "/staff/people/?text=nora"})
        assert onward["Location"] == "/staff/people/?text=nora"
        assert "Nora Quill" in client.get(LIST, {"text": "nora"}).content.decode()
        later = clock.real_now() + timedelta(minutes=61)
        monkeypatch.setattr(clock, "real_now", lambda: later)
        monkeypatch.setattr("time.time", later.timestamp)
        client.force_login(User.objects.get(is_operator=True))
        assert "/staff/why/" in client.get(LIST)["Location"]

    @pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_leads_nowhere_else(self, client: Client, onward: str) -> None:
        client.force_login(make_operator())
        answer = client.post(reverse("staff-why", args=["people"]), {"reason": "Request", "next": onward})
        assert answer["Location"] == reverse("account")

    def test_a_reason_is_more_than_a_letter(self, client: Client) -> None:
        client.force_login(make_operator())
        assert client.post(reverse("staff-why", args=["people"]), {"reason": "x"}).status_code == 422

    @pytest.mark.parametrize(
        ("make", "reason"),
        [(make_moderator, "moderation list"), (make_finance, "finance list"), (make_operator, "Request of 3 May")],
    )
    def test_who_saw_whom_is_written_down(self, client: Client, nora: User, make, reason: str) -> None:
        viewer = make()
        client.force_login(viewer)
        if viewer.is_operator:
            say_why(client)
        client.get(LIST, {"text": "quill"})
        entry = AuditEntry.objects.get(verb="people.listed")
        assert (entry.actor, entry.facts) == (viewer, {"people": nora.public_id, "reason": reason})

    def test_has_pages(self, client: Client) -> None:
        for _ in range(30):
            make_reader()
        client.force_login(make_moderator())
        page = client.get(LIST).content.decode()
        assert page.count("usr_") == 25 + 1, "and whoever looks"
        assert 'href="?page=2"' in page


class TestPerson:
    def test_is_opened_with_a_reason_and_written_down(self, client: Client, nora: User) -> None:
        client.force_login(make_operator())
        address = reverse("staff-person", args=[nora.public_id])
        assert "/staff/why/people/" in client.get(address)["Location"]
        assert not AuditEntry.objects.filter(verb="person.read").exists()
        say_why(client)
        assert "nora@example.org" in client.get(address).content.decode()
        entry = AuditEntry.objects.get(verb="person.read")
        assert (entry.subject_id, entry.facts["reason"]) == (nora.public_id, "Request of 3 May")

    def test_a_copy_goes_to_the_person_alone(self, client: Client, nora: User) -> None:
        operator = make_operator()
        client.force_login(operator)
        assert (
            client.post(reverse("staff-copy", args=[nora.public_id]), {"reason": "Letter of 2 May"}).status_code == 302
        )
        made = DataCopy.objects.get()
        assert made.user == nora
        assert client.get(reverse("data-copy", args=[made.public_id])).status_code == 404
        entry = AuditEntry.objects.get(verb="data_copy.asked")
        assert (entry.actor, entry.facts) == (operator, {"person": nora.public_id, "reason": "Letter of 2 May"})

    def test_a_deletion_waits_and_is_mailed(self, client: Client, nora: User, mailoutbox) -> None:
        operator = make_operator()
        client.force_login(operator)
        client.post(reverse("staff-delete", args=[nora.public_id]), {"reason": "Letter of 2 May"})
        deletion = Deletion.objects.get()
        assert (deletion.user, deletion.done_at) == (nora, None)
        entry = AuditEntry.objects.get(verb="account.deletion_asked")
        assert (entry.actor, entry.facts["reason"]) == (operator, "Letter of 2 May")

    @pytest.mark.parametrize("name", ["staff-copy", "staff-delete"])
    def test_nothing_without_a_reason(self, client: Client, nora: User, name: str) -> None:
        client.force_login(make_operator())
        assert client.post(reverse(name, args=[nora.public_id]), {"reason": ""}).status_code == 422
        assert not DataCopy.objects.exists()
        assert not Deletion.objects.exists()
        assert not PendingMail.objects.exists()

    def test_staff_are_not_deleted_so(self, client: Client) -> None:
        client.force_login(make_operator())
        finance = make_finance()
        answer = client.post(reverse("staff-delete", args=[finance.public_id]), {"reason": "Letter of 2 May"})
        assert answer.status_code == 409
        assert not Deletion.objects.exists()
