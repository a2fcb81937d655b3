"""What visitors, scripts and operators meet while the shop is read-only or closed."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from operations.maintenance import selectors, services
from operations.maintenance.models import Mode, SiteMode
from publishing.models import Work
from tests.factories.accounts import make_author, make_finance, make_operator, make_reader

pytestmark = pytest.mark.django_db

_SIGN_UP = {"display_name": "Ann Thorne", "email": "ann@example.org", "password1": "a-long-secret-of-hers"}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    caches["process"].clear()


def set_mode(mode: Mode, **more: object) -> None:
    services.set_mode(actor=None, mode=mode, at=clock.now(), **more)  # type: ignore[arg-type]


class TestReadOnly:
    @pytest.fixture(autouse=True)
    def _read_only(self) -> None:
        set_mode(Mode.READ_ONLY, message="The database moves.")

    def test_pages_are_read(self, client: Client) -> None:
        assert client.get("/books/").status_code == 200

    def test_a_form_waits_with_what_was_typed(self, client: Client) -> None:
        answer = client.post("/accounts/signup/", _SIGN_UP)
        page = answer.content.decode()
        assert answer.status_code == 503
        assert answer["Retry-After"] == "120"
        assert answer["Cache-Control"] == "no-store"
        assert 'value="Ann Thorne"' in page
        assert "The database moves." in page
        assert _SIGN_UP["password1"] not in page

    def test_nothing_is_made(self, client: Client) -> None:
        client.force_login(make_author())
        assert client.post(reverse("work-begin"), {"title": "Salt", "language": "en"}).status_code == 503
        assert not Work.objects.exists()

    def test_scripts_get_a_code(self, client: Client) -> None:
        answer = client.post(
            reverse("work-text-document", args=["wrk_none", "c1"]), b"{}", content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "shop_read_only")
        assert answer["Retry-After"] == "120"

    def test_operators_open_it_again(self, client: Client) -> None:
        client.force_login(make_operator())
        client.post(reverse("maintenance"), {"mode": "open"})
        assert selectors.state().mode == Mode.OPEN
        assert client.post("/accounts/logout/").status_code == 302

    def test_people_log_in(self, client: Client) -> None:
        assert client.post("/accounts/login/", {"login": "a@example.org", "password": "x"}).status_code == 200


class TestClosed:
    @pytest.fixture(autouse=True)
    def _closed(self) -> None:
        set_mode(Mode.CLOSED, ends_at=clock.now() + timedelta(minutes=20))

    @pytest.mark.parametrize("path", ["/", "/books/", "/accounts/signup/", "/library/"])
    def test_visitors_get_503_and_when_to_come_back(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 503
        assert 1190 <= int(answer["Retry-After"]) <= 1200
        assert "We expect to be back on" in answer.content.decode()

    @pytest.mark.parametrize("make", [make_reader, make_author, make_finance])
    def test_nobody_gets_in(self, client: Client, make) -> None:  # type: ignore[no-untyped-def]
        client.force_login(make())
        assert client.get("/").status_code == 503

    def test_but_operators(self, client: Client) -> None:
        client.force_login(make_operator())
        assert client.get("/").status_code == 200

    def test_they_can_log_in(self, client: Client) -> None:
        assert client.get("/accounts/login/").status_code == 200

    def test_probes_go_on(self, client: Client) -> None:
        assert client.get("/healthz").status_code == 200

    def test_the_providers_events_come_again(self, client: Client) -> None:
        answer = client.post("/payments/webhooks/platform/", b"{}", content_type="application/json")
        assert answer.status_code == 503


class TestState:
    def test_a_shop_without_a_row_is_open(self) -> None:
        assert selectors.cached_state().mode == Mode.OPEN

    def test_it_is_read_once_in_two_seconds(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        with django_assert_num_queries(1):
            selectors.cached_state()
            selectors.cached_state()

    def test_a_database_that_is_away_is_not_its_matter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail() -> None:
            raise OperationalError

        monkeypatch.setattr(selectors, "state", fail)
        assert selectors.cached_state().mode == Mode.OPEN


class TestSetMode:
    def test_is_for_operators(self) -> None:
        with pytest.raises(NotAllowed):
            services.set_mode(actor=make_finance(), mode=Mode.CLOSED, at=clock.now())
        assert not SiteMode.objects.exists()

    def test_is_in_the_audit_log(self) -> None:
        operator = make_operator()
        services.set_mode(actor=operator, mode=Mode.CLOSED, at=clock.now())
        entry = AuditEntry.objects.get(verb="site.mode_set")
        assert (entry.actor, entry.facts) == (operator, {"mode": "closed"})

    def test_an_unknown_mode_is_refused(self, client: Client) -> None:
        client.force_login(make_operator())
        assert client.post(reverse("maintenance"), {"mode": "ajar"}).status_code == 422

    def test_by_command(self) -> None:
        out = io.StringIO()
        call_command("maintenance", "closed", message="A larger machine.", minutes=30, stdout=out)
        assert out.getvalue().strip() == "closed · A larger machine."
        state = selectors.state()
        assert state.ends_at is not None
        assert timedelta(minutes=29) < state.ends_at - clock.now() <= timedelta(minutes=30)
        call_command("maintenance", "open", stdout=out)
        assert selectors.state().mode == Mode.OPEN
