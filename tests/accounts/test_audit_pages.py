"""The pages of the audit log: who reads what, the search, the export, and everybody's own activity."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import triggers
from accounts.models import AuditEntry, RoleGrant, User
from accounts.services import audit, record_audit
from common import clock
from tests.conftest import NOON
from tests.factories.accounts import make_finance, make_moderator, make_operator, make_reader
from tests.factories.publishing import make_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {
        "operator": make_operator(display_name="Olga Operator"),
        "finance": make_finance(display_name="Fiona Finance"),
        "moderator": make_moderator(display_name="Mo Moderator"),
        "author": make_reader(display_name="Ann Author", email="ann@example.org", is_author=True),
        "reader": make_reader(),
    }


@pytest.fixture
def entries(people) -> dict[str, AuditEntry]:
    """One of money, one of moderation, one of a draft that was read."""
    work = make_work(owner=people["author"])
    made = {
        "money": record_audit(actor=people["finance"], verb="sales.exported", subject=people["finance"]),
        "moderation": record_audit(actor=people["moderator"], verb="work.held", subject=work, facts={"case": "cas_1"}),
        "read": record_audit(
            actor=people["operator"], verb="work.read", subject=work, facts={"reason": "=A complaint"}
        ),
    }
    audit.chain_committed()
    return made


def ask(person: User | None, address: str) -> HttpResponse:
    client = Client()
    if person is not None:
        client.force_login(person)
        AuditEntry.objects.filter(verb="session.began")
    return client.get(address)


def text(person: User | None, address: str) -> str:
    return ask(person, address).content.decode()


class TestWhoReadsWhat:
    @pytest.mark.parametrize("address", ["/audit/", "/audit/export/csv/", "/audit/export/jsonl/"])
    @pytest.mark.parametrize("person", [None, "reader", "author"])
    def test_others_find_nothing(self, people, entries, address, person) -> None:
        assert ask(people.get(person), address).status_code == 404

    @pytest.mark.parametrize(
        ("person", "read"),
        [
            ("operator", {"money", "moderation", "read"}),
            ("finance", {"money"}),
            ("moderator", {"moderation"}),
        ],
    )
    def test_staff_read_their_part(self, people, entries, person, read) -> None:
        page = text(people[person], "/audit/")
        for name, entry in entries.items():
            address = f"/audit/{entry.pk}/"
            assert (f'href="{address}"' in page) == (name in read)
            assert ask(people[person], address).status_code == (200 if name in read else 404)

    def test_nobody_changes_anything(self, people, entries) -> None:
        client = Client()
        client.force_login(people["operator"])
        assert client.post("/audit/").status_code == 405


class TestSearch:
    def shown(self, people, query: str) -> set[str]:
        client = Client()
        client.force_login(people["operator"])
        client.post("/staff/why/people/", {"reason": "Complaint 4711"})
        page = client.get(f"/audit/?{query}").content.decode()
        entries = AuditEntry.objects.exclude(verb__in=["session.began", "audit_log.searched"])
        return {entry.verb for entry in entries if f'href="/audit/{entry.pk}/"' in page}

    @pytest.mark.parametrize(
        ("query", "verbs"),
        [
            ("", {"sales.exported", "work.held", "work.read"}),
            ("person=mo%20moderator", {"work.held"}),
            ("person=ANN@example.org", {"work.held", "work.read"}),
            ("verb=work.held", {"work.held"}),
            ("verb=money", {"sales.exported"}),
            ("subject=none", set()),
            ("since=2026-11-24&until=2026-11-24", {"sales.exported", "work.held", "work.read"}),
            ("since=2026-11-25", set()),
            ("until=2026-11-23", set()),
            ("until=9999-12-31", {"sales.exported", "work.held", "work.read"}),
            ("since=never", set()),
            ("verb=no.such", set()),
        ],
    )
    def test_finds(self, people, entries, query, verbs) -> None:
        assert self.shown(people, query) == verbs

    def test_for_a_person_takes_a_reason_that_is_written_down(self, people, entries) -> None:
        client = Client()
        client.force_login(people["operator"])
        asked = client.get("/audit/?person=ANN@example.org")
        assert asked["Location"].startswith("/staff/why/people/")
        client.post(asked["Location"], {"reason": "Complaint 4711"})
        assert client.get("/audit/?person=ANN@example.org").status_code == 200
        entry = AuditEntry.objects.get(verb="audit_log.searched")
        assert (entry.actor, entry.facts) == (people["operator"], {"reason": "Complaint 4711"})

    def test_of_other_staff_is_written_down(self, people, entries) -> None:
        assert ask(people["finance"], "/audit/?person=ANN@example.org").status_code == 200
        assert AuditEntry.objects.get(verb="audit_log.searched").actor == people["finance"]

    def test_by_number(self, people, entries) -> None:
        assert self.shown(people, f"subject={entries['read'].subject_id}") == {"work.held", "work.read"}

    def test_goes_on_by_cursor(self, people) -> None:
        for _ in range(30):
            record_audit(actor=None, verb="work.moved", subject=people["author"])
        page = text(people["operator"], "/audit/?verb=work.moved")
        assert page.count('scope="row"') == 25
        before = AuditEntry.objects.filter(verb="work.moved").order_by("-pk")[24].pk
        assert f"before={before}" in page
        assert text(people["operator"], f"/audit/?verb=work.moved&before={before}").count('scope="row"') == 5

    def test_asks_as_often_for_many(self, people, django_assert_max_num_queries) -> None:
        for _ in range(30):
            record_audit(actor=people["finance"], verb="work.moved", subject=people["author"])
        audit.chain_committed()
        client = Client()
        client.force_login(people["operator"])
        with django_assert_max_num_queries(20):
            client.get("/audit/?verb=work.moved")


class TestEntry:
    def test_says_it_in_words(self, people, entries) -> None:
        page = text(people["operator"], f"/audit/{entries['read'].pk}/")
        for words in ("Book viewed by staff", "Olga Operator", "Ann Author", "=A complaint", "Unchanged"):
            assert words in page

    def test_says_that_it_was_changed(self, people, entries) -> None:
        from django.db import connection

        triggers.drop(connection)
        AuditEntry.objects.filter(pk=entries["read"].pk).update(facts={"reason": "none"})
        triggers.install(connection)
        assert "This entry was changed" in text(people["operator"], f"/audit/{entries['read'].pk}/")

    def test_says_that_it_waits(self, people) -> None:
        entry = record_audit(actor=None, verb="work.moved", subject=people["author"])
        assert "Not chained yet" in text(people["operator"], f"/audit/{entry.pk}/")


class TestExport:
    def rows(self, response: HttpResponse) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    def test_as_csv(self, people, entries) -> None:
        rows = self.rows(ask(people["operator"], "/audit/export/csv/?verb=work.read"))
        assert [row["verb"] for row in rows] == ["work.read"]
        assert rows[0]["actor"] == people["operator"].public_id
        assert rows[0]["hash"] == entries["read"].link.hash
        assert json.loads(rows[0]["facts"]) == {"reason": "=A complaint"}

    def test_no_cell_starts_a_formula(self, people) -> None:
        record_audit(actor=None, verb="=cmd()", subject=people["author"])
        for row in self.rows(ask(people["operator"], "/audit/export/csv/")):
            assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())

    def test_as_json_lines(self, people, entries) -> None:
        response = ask(people["finance"], "/audit/export/jsonl/?verb=money")
        rows = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
        assert [(row["verb"], row["facts"]) for row in rows] == [("sales.exported", {})]

    def test_is_an_entry_itself(self, people, entries) -> None:
        ask(people["finance"], "/audit/export/csv/?person=ann@example.org&verb=money")
        made = AuditEntry.objects.get(verb="audit_log.exported")
        assert made.actor == people["finance"]
        assert made.facts == {"form": "csv", "filter": "person verb"}


class TestActivity:
    def test_is_for_whoever_is_logged_in(self) -> None:
        assert ask(None, "/account/activity/").status_code == 302

    def test_staff_are_not_named_and_give_their_reason(self, people, entries) -> None:
        page = text(people["author"], "/account/activity/")
        assert "Book viewed by staff" in page
        assert "Reason: =A complaint" in page
        assert "Staff" in page
        assert "Olga" not in page
        assert people["operator"].public_id not in page

    def test_staff_are_staff_after_their_role_ended(self, people) -> None:
        former, now = make_reader(display_name="Felix Former"), clock.now()
        record_audit(actor=former, verb="work.read", subject=make_work(owner=people["author"]))
        assert "Someone you work with" in text(people["author"], "/account/activity/")
        RoleGrant.objects.create(
            person=former, role="operator", granted_at=now - timedelta(days=2), confirmed_at=now - timedelta(days=2)
        )
        RoleGrant.objects.update(ended_at=now + timedelta(days=1))
        assert "Someone you work with" not in text(people["author"], "/account/activity/")

    def test_ones_own_acts_are_there(self, people) -> None:
        record_audit(actor=people["reader"], verb="user.became_author", subject=people["reader"])
        page = text(people["reader"], "/account/activity/")
        assert "Became an author" in page
        assert "You" in page

    def test_nobody_elses(self, people, entries) -> None:
        assert "Book viewed" not in text(people["reader"], "/account/activity/")

    def test_a_refused_log_in_is_by_somebody_unknown(self, people) -> None:
        AuditEntry.objects.create(
            at=NOON,
            verb="login.wrong_password",
            about=people["reader"],
            facts={"place": "203.0.113.7", "times": 3},
        )
        page = text(people["reader"], "/account/activity/")
        for words in ("Log-in refused: wrong password", "Unknown", "203.0.113.7", "Count: 3"):
            assert words in page

    def test_a_suspicion_is_not_told_to_whom_it_is_about(self, people) -> None:
        AuditEntry.objects.create(at=NOON, verb="fraud_warning.kept", about=people["reader"])
        assert "Nothing yet" in text(people["reader"], "/account/activity/")
        assert "Fraud warning" in text(people["operator"], "/audit/")

    def test_nothing_yet(self, people) -> None:
        assert "Nothing yet" in text(people["reader"], "/account/activity/")


def test_erased_facts_say_so(people) -> None:
    entry = record_audit(actor=None, verb="login.wrong_password", subject=people["reader"], facts={"place": "x"})
    audit.chain_committed()
    with clock.frozen(NOON + timedelta(days=200)):
        audit.erase_old_facts(at=clock.now())
        page = text(people["operator"], f"/audit/{entry.pk}/")
    assert "The details were deleted" in page
    assert "Unchanged" in page
