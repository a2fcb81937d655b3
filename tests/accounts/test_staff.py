"""What staff roles take: a second factor for all of them, a recent log-in for money, and sessions that end early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import permissions
from accounts.models import User
from common import clock
from config.settings import base
from royalties.models import ExchangeRate, ManualEntry, PayoutRun
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator, make_reader
from tests.factories.publishing import make_edition, make_work

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons"
ROLES = {
    "operator": (make_operator, permissions.is_operator),
    "finance": (make_finance, permissions.is_finance),
    "moderator": (make_moderator, permissions.is_moderator),
}


@pytest.fixture
def required(settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True


def with_factor(user: User, kind: str = "totp") -> User:
    Authenticator.objects.create(user=user, type=kind, data={})
    return User.objects.get(pk=user.pk)


def logged_in(client: Client, user: User) -> Client:
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    return client


@pytest.fixture
def later(monkeypatch):
    """Lets real time pass, by which sessions are measured."""

    def pass_(**time: float) -> None:
        moment = clock.real_now() + timedelta(**time)
        monkeypatch.setattr(clock, "real_now", lambda: moment)
        monkeypatch.setattr("time.time", moment.timestamp)

    return pass_


@pytest.mark.usefixtures("required")
class TestSecondFactor:
    def test_is_required_unless_settings_waive_it(self) -> None:
        assert base.STAFF_SECOND_FACTOR_REQUIRED

    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_does_not_count_without_one(self, role: str) -> None:
        make, holds = ROLES[role]
        assert not holds(make())
        assert permissions.lacks_second_factor(make())

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("kind", ["totp", "webauthn"])
    def test_an_app_or_a_passkey_will_do(self, role: str, kind: str) -> None:
        make, holds = ROLES[role]
        person = with_factor(make(), kind)
        assert holds(person)
        assert not permissions.lacks_second_factor(person)

    def test_setting_one_up_ends_sessions_of_before(self, client: Client) -> None:
        """One that was stolen took no second factor, and is not to gain what it opens."""
        staff, thief = make_finance(), Client()
        for browser in (client, thief):
            browser.force_login(staff)
            browser.get("/account/")
        request = RequestFactory().get("/")
        request.session, request.user = client.session, staff
        factor = Authenticator.objects.create(user=staff, type="totp", data={})
        authenticator_added.send(sender=Authenticator, request=request, user=staff, authenticator=factor)
        assert client.get("/finance/").status_code == 200
        assert thief.get("/account/")["Location"].startswith("/accounts/login/")

    def test_recovery_codes_alone_will_not(self) -> None:
        assert not permissions.is_operator(with_factor(make_operator(), "recovery_codes"))

    def test_nor_for_somebody_who_was_shut_out(self) -> None:
        assert not permissions.is_operator(with_factor(make_operator(is_active=False)))

    def test_readers_lack_none(self) -> None:
        assert not permissions.lacks_second_factor(make_reader())

    @pytest.mark.parametrize("name", ["work", "work-proof", "work-preview", "work-people", "work-editions"])
    def test_an_operator_without_one_reads_no_draft(self, client: Client, name: str) -> None:
        edition = make_edition(work=make_work(owner=make_author()))
        answer = logged_in(client, make_operator()).get(reverse(name, args=[edition.work.public_id]))
        assert answer.status_code == 404
        assert reverse("mfa_index") in answer.content.decode()

    def test_nor_a_manuscript(self, client: Client) -> None:
        edition = make_edition(work=make_work(owner=make_author()))
        address = reverse("work-manuscript-file", args=[edition.work.public_id, edition.manuscript.public_id])
        assert logged_in(client, make_operator()).get(address).status_code == 404

    @pytest.mark.parametrize(
        ("make", "name"),
        [
            (make_finance, "finance"),
            (make_operator, "finance"),
            (make_finance, "checkout:platform-coupons"),
            (make_finance, "checkout:open-gifts"),
            (make_finance, "helpdesk-requests"),
            (make_moderator, "community:moderation-cases"),
            (make_finance, "sandbox-simulate"),
        ],
    )
    def test_pages_of_staff_tell_how_to_set_one_up(self, client: Client, make, name: str) -> None:
        answer = logged_in(client, make()).get(reverse(name))
        assert answer.status_code == 404
        assert "Set up two-factor authentication" in answer.content.decode()

    def test_and_open_with_one(self, client: Client) -> None:
        assert logged_in(client, with_factor(make_finance())).get(reverse("finance")).status_code == 200

    def test_an_editors_shelf_takes_one(self, client: Client) -> None:
        assert (
            logged_in(client, make_operator()).post(reverse("community:shelf-editors", args=["shf_x"])).status_code
            == 404
        )

    def test_readers_hear_nothing_of_it(self, client: Client) -> None:
        page = logged_in(client, make_reader()).get(reverse("finance")).content.decode()
        assert "two-factor" not in page

    def test_the_account_page_says_so_and_names_no_office(self, client: Client) -> None:
        page = logged_in(client, make_operator()).get(reverse("account")).content.decode()
        assert reverse("mfa_index") in page
        assert "Your staff role is not active yet" in page
        assert reverse("finance") not in page

    def test_the_menu_names_no_office(self, client: Client) -> None:
        assert (
            reverse("finance")
            not in logged_in(client, make_finance()).get(reverse("pages:account-menu")).content.decode()
        )

    def test_who_logs_in_goes_where_it_is_said(self, client: Client) -> None:
        person = make_finance()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        person.set_password(PASSWORD)
        person.save()
        answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert answer["Location"] == reverse("account")


class TestRecentLogin:
    def test_reading_takes_none(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        later(minutes=20)
        assert client.get(reverse("finance-payouts")).status_code == 200

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("finance-propose", []),
            ("finance-approve", ["run_x"]),
            ("finance-cancel", ["run_x"]),
            ("finance-hold", ["pyo_x"]),
            ("finance-release", ["pyo_x"]),
            ("finance-bring-back", ["pyo_x"]),
            ("finance-person-hold", ["usr_x"]),
            ("finance-lift-hold", ["hld_x"]),
            ("finance-prepare", []),
            ("finance-close", []),
            ("finance-rates", []),
            ("finance-rate-decide", ["fxr_x"]),
            ("finance-reserves", []),
            ("finance-reserve-lift", ["rsv_x"]),
            ("finance-corrections", []),
            ("finance-correction", ["man_x"]),
            ("finance-withholding", []),
            ("finance-remittance", ["rem_x"]),
            ("finance-tax-form", ["tax_x"]),
            ("finance-item-explain", [1]),
            ("finance-item-correct", [1]),
            ("finance-item-match", [1]),
            ("finance-match-decide", ["hm_x"]),
            ("finance-aside-decide", ["sa_x"]),
            ("finance-bank-upload", []),
            ("finance-bank-settle", [1]),
            ("finance-make-files", ["run_x"]),
            ("finance-file-release", ["bfl_x"]),
            ("finance-file-withdraw", ["bfl_x"]),
            ("office:give-back", ["ord_x", "lin_x"]),
            ("office:quarantine", ["ord_x"]),
            ("office:send-back", ["ord_x", "pay_x"]),
            ("office:decide", ["ref_x"]),
            ("office:resent", ["ref_x"]),
            ("office:answer", ["dsp_x"]),
            ("office:warning", [1]),
            ("checkout:platform-coupons", []),
            ("checkout:platform-coupon-stop", ["cpn_x"]),
        ],
    )
    def test_what_moves_money_takes_one(self, client: Client, later, name: str, args: list[object]) -> None:
        logged_in(client, make_finance())
        address = reverse(name, args=args)
        assert "reauthenticate" not in client.post(address).get("Location", "")
        later(minutes=16)
        answer = client.post(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_and_so_does_the_file_for_the_bank(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        later(minutes=16)
        answer = client.get(reverse("finance-file", args=["bfl_x"]))
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_strangers_are_not_asked(self, client: Client, later) -> None:
        logged_in(client, make_reader())
        later(minutes=16)
        assert client.post(reverse("finance-propose")).status_code == 404

    @pytest.mark.parametrize("prefix", ["", "/de-de"])
    def test_what_was_typed_is_done_afterwards(self, client: Client, later, prefix: str) -> None:
        logged_in(client, make_finance())
        later(minutes=16)
        typed = {"base": "EUR", "quote": "USD", "rate": "1.0812", "true_on": "2026-11-24", "source": "ECB"}
        asked = client.post(prefix + reverse("finance-rates"), typed)
        assert not ExchangeRate.objects.exists()
        assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
        assert not ExchangeRate.objects.exists()
        done = client.post(asked["Location"], {"password": PASSWORD})
        assert done["Location"] == prefix + reverse("finance-rates")
        assert ExchangeRate.objects.get().source == "ECB"

    def test_what_was_typed_wrongly_stands_in_the_form(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        later(minutes=16)
        asked = client.post(reverse("finance-corrections"), {"reason": "A double booking", "amount": "x"})
        page = client.post(asked["Location"], {"password": PASSWORD})
        assert page.status_code == 422
        assert "A double booking" in page.content.decode()
        assert not ManualEntry.objects.exists()

    def test_forms_go_where_they_can_be_sent_on(self, client: Client) -> None:
        """An address with a query would be fetched, and what was typed be lost."""
        logged_in(client, make_finance())
        for name in ("finance-reserves", "finance-corrections", "finance-rates", "finance-withholding"):
            page = client.get(reverse(name), {"user": "usr_x"}).content.decode()
            assert f'<form method="post" action="{reverse(name)}"' in page

    def test_refusals_are_as_before(self, client: Client, later) -> None:
        logged_in(client, make_operator())
        later(minutes=16)
        asked = client.post(reverse("finance-propose"), {"currency": "USD"})
        assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 403
        assert not PayoutRun.objects.exists()


class TestSessions:
    @pytest.mark.parametrize("role", ROLES)
    def test_ask_for_the_password_after_half_an_hour(self, client: Client, later, role: str) -> None:
        make, _holds = ROLES[role]
        logged_in(client, make())
        later(minutes=29)
        assert client.get(reverse("account")).status_code == 200
        later(minutes=31)
        asked = client.get(reverse("account"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == reverse("account")
        assert client.get(reverse("account")).status_code == 200

    def test_lose_nothing_that_was_typed(self, client: Client, later) -> None:
        person = logged_in(client, make_finance()) and User.objects.get()
        later(minutes=40)
        fields = {"display_name": "Fiona", "country": "DE", "language": "de", "bio": "Sums."}
        asked = client.post(reverse("profile"), fields)
        client.post(asked["Location"], {"password": PASSWORD})
        person.refresh_from_db()
        assert person.bio == "Sums."

    def test_go_on_while_they_are_used(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        for _ in range(4):
            later(minutes=20)
            assert client.get(reverse("finance")).status_code == 200

    def test_end_after_a_working_day(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        for _ in range(26):
            later(minutes=28)
            answer = client.get(reverse("finance"))
        assert answer["Location"] == f"{reverse('account_login')}?next={reverse('finance')}"
        assert "_auth_user_id" not in client.session
        assert "last 12 hours" in client.get(answer["Location"]).content.decode()

    def test_parts_of_pages_are_not_swapped_for_a_form(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        later(minutes=31)
        answer = client.get(reverse("pages:account-menu"), headers={"sec-fetch-dest": "empty"})
        assert (answer.status_code, answer.content) == (403, b"")
        answer = client.get(reverse("finance-reconciliation"), headers={"hx-request": "true"})
        assert answer["HX-Refresh"] == "true"

    def test_one_can_log_out_of_an_idle_one(self, client: Client, later) -> None:
        logged_in(client, make_finance())
        later(minutes=31)
        client.post(reverse("account_logout"))
        assert "_auth_user_id" not in client.session

    def test_of_readers_are_left_alone(self, client: Client, later) -> None:
        logged_in(client, make_reader())
        later(hours=30)
        assert client.get(reverse("account")).status_code == 200

    def test_a_session_that_no_log_in_began_ends(self, client: Client) -> None:
        logged_in(client, make_finance())
        session = client.session
        del session["account_authentication_methods"]
        session.save()
        assert reverse("account_login") in client.get(reverse("finance"))["Location"]
