"""Attempts at somebody's account: by squatting their address, and by a stolen session."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEntry, User
from storefront.checkout import permissions
from tests.factories.accounts import make_finance
from tests.factories.guests import buy_as_guest
from tests.factories.publishing import make_published_edition
from tests.support.entrance import (
    PASSWORD,
    ask_for_reset,
    code_for,
    enter_code,
    is_logged_in,
    log_in,
    mails_to,
    person,
    reauthenticate,
    set_anew,
    sign_up,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

OWNER, THIEF = "owner@example.org", "thief@example.org"
NEW = "quite another passphrase"


def addresses(user: User) -> list[tuple[str, bool, bool]]:
    return sorted(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


class TestASquattedAddress:
    def test_opens_nothing_for_the_squatter(self, client: Client) -> None:
        sign_up(client, OWNER, name="Mallory")
        assert not is_logged_in(client)
        client.post("/accounts/email/", {"email": THIEF, "action_add": ""})
        assert not EmailAddress.objects.filter(email=THIEF).exists()
        assert mails_to(THIEF) == []

    def test_is_its_owners_alone_after_a_reset(self, client: Client) -> None:
        """An account from before: squatted, with a back door, an open session and a second factor."""
        squatted = person(OWNER, is_confirmed=False)
        EmailAddress.objects.filter(user=squatted).update(primary=True)
        EmailAddress.objects.create(user=squatted, email=THIEF, verified=True)
        thief = Client()
        log_in(thief, THIEF)
        assert is_logged_in(thief)
        TOTP.activate(squatted, generate_totp_secret())
        RecoveryCodes.activate(squatted)
        book = make_published_edition()
        buy_as_guest(book, email=OWNER)
        mail.outbox.clear()

        assert set_anew(client, ask_for_reset(client, OWNER), NEW).status_code == 200
        squatted.refresh_from_db()
        assert squatted.check_password(NEW)
        assert addresses(squatted) == [(OWNER, True, True)]
        assert not Authenticator.objects.filter(user=squatted).exists()
        assert not is_logged_in(thief)
        cache.clear()
        assert ask_for_reset(thief, THIEF) == ""
        log_in(thief, THIEF)
        assert not is_logged_in(thief)
        log_in(client, OWNER, NEW)
        assert is_logged_in(client)
        assert permissions.may_read(squatted, book.work)
        assert AuditEntry.objects.filter(verb="user.taken_back").count() == 1
        assert any("was removed" in body for body in mails_to(THIEF))
        assert any("was changed" in body for body in mails_to(OWNER))

    def test_a_back_doors_reset_confirms_nothing(self, client: Client) -> None:
        squatted = person(OWNER, is_confirmed=False)
        EmailAddress.objects.create(user=squatted, email=OWNER, primary=True)
        EmailAddress.objects.create(user=squatted, email=THIEF, verified=True)
        set_anew(client, ask_for_reset(client, THIEF), NEW)
        assert addresses(squatted) == [(OWNER, False, True), (THIEF, True, False)]

    def test_no_link_goes_to_an_address_that_somebody_only_named(self, client: Client) -> None:
        user = person(OWNER)
        EmailAddress.objects.create(user=user, email=THIEF, verified=False)
        assert ask_for_reset(client, THIEF) == ""
        assert ask_for_reset(client, OWNER) != ""


class TestAResetOfAConfirmedAccount:
    def test_ends_sessions_and_keeps_the_second_factor(self, client: Client) -> None:
        user = person(OWNER)
        EmailAddress.objects.create(user=user, email="mine@example.org", verified=True)
        elsewhere = Client()
        log_in(elsewhere, OWNER)
        assert is_logged_in(elsewhere)
        TOTP.activate(user, generate_totp_secret())
        set_anew(client, ask_for_reset(client, OWNER), NEW)
        assert not is_logged_in(elsewhere)
        assert log_in(client, OWNER, NEW)["Location"] == "/accounts/2fa/authenticate/"
        assert not is_logged_in(client)
        assert addresses(user) == [("mine@example.org", True, False), (OWNER, True, True)]
        for address in ("mine@example.org", OWNER):
            assert any("was changed with a link" in body for body in mails_to(address))

    def test_a_link_works_once(self, client: Client) -> None:
        person(OWNER)
        link = ask_for_reset(client, OWNER)
        set_anew(client, link, NEW)
        assert "no longer works" in Client().get(link, follow=True).content.decode()

    def test_in_a_browser_that_is_logged_in(self, client: Client) -> None:
        person(OWNER)
        log_in(client, OWNER)
        assert set_anew(client, ask_for_reset(client, OWNER), NEW).status_code == 200
        assert not is_logged_in(client)


class TestAStolenSession:
    @pytest.fixture
    def stolen(self, client: Client) -> Client:
        person(OWNER)
        log_in(client, OWNER)
        mail.outbox.clear()
        return client

    @pytest.mark.parametrize("act", ["action_add", "action_remove", "action_primary"])
    def test_changes_no_address_without_the_password(self, stolen: Client, act: str) -> None:
        owner = User.objects.get(email=OWNER)
        EmailAddress.objects.create(user=owner, email="mine@example.org", verified=True)
        known = addresses(owner)
        email = THIEF if act == "action_add" else "mine@example.org"
        answer = stolen.post("/accounts/email/", {"email": email, act: ""})
        assert answer["Location"].startswith("/accounts/reauthenticate/")
        assert addresses(owner) == known
        assert mails_to(THIEF) == []

    @pytest.mark.parametrize("path", ["totp/activate/", "webauthn/add/", "recovery-codes/generate/"])
    def test_adds_no_second_factor_without_the_password(self, stolen: Client, path: str) -> None:
        TOTP.activate(User.objects.get(email=OWNER), generate_totp_secret())
        answer = stolen.get(f"/accounts/2fa/{path}")
        assert "/reauthenticate/" in answer["Location"] or answer["Location"] == "/accounts/2fa/totp/deactivate/"

    def test_what_was_asked_happens_once_the_password_is_given(self, stolen: Client) -> None:
        answer = stolen.post("/accounts/email/", {"email": "mine@example.org", "action_add": ""})
        stolen.post(answer["Location"], {"password": PASSWORD, "next": "/accounts/email/"})
        enter_code(stolen, code_for("mine@example.org"))
        assert EmailAddress.objects.filter(email="mine@example.org", verified=True).exists()


class TestStaff:
    @pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    def test_reach_their_pages_with_a_passkey_as_with_an_app(
        self, client: Client, settings: Settings, kind: Authenticator.Type
    ) -> None:
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        staff = make_finance()
        client.force_login(staff)
        assert client.get("/finance/").status_code == 404
        Authenticator.objects.create(user=staff, type=kind, data={})
        assert client.get("/finance/").status_code == 200


class TestEveryAddressHears:
    MINE = "mine@example.org"

    @pytest.fixture
    def owner(self, client: Client) -> User:
        user = person(OWNER)
        EmailAddress.objects.create(user=user, email=self.MINE, verified=True)
        EmailAddress.objects.create(user=user, email="typo@example.org", verified=False)
        log_in(client, OWNER)
        reauthenticate(client)
        mail.outbox.clear()
        return user

    def heard(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for message in mail.outbox:
            found.setdefault(message.subject, set()).add(message.to[0])
        return found

    @pytest.mark.usefixtures("owner")
    def test_of_an_added_address(self, client: Client) -> None:
        client.post("/accounts/email/", {"email": "third@example.org", "action_add": ""})
        enter_code(client, code_for("third@example.org"))
        assert self.heard()["An email address was added"] == {OWNER, self.MINE, "third@example.org"}

    @pytest.mark.usefixtures("owner")
    def test_of_a_removed_one(self, client: Client) -> None:
        client.post("/accounts/email/", {"email": self.MINE, "action_remove": ""})
        assert self.heard() == {"An email address was removed": {OWNER, self.MINE}}

    @pytest.mark.usefixtures("owner")
    def test_of_another_primary_one(self, client: Client) -> None:
        client.post("/accounts/email/", {"email": self.MINE, "action_primary": ""})
        assert self.heard() == {"Your email address was changed": {OWNER, self.MINE}}

    @pytest.mark.usefixtures("owner")
    def test_of_another_password(self, client: Client) -> None:
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/accounts/password/change/", form)
        assert self.heard() == {"Your password was changed": {OWNER, self.MINE}}

    def test_of_a_second_factor_taken_away(self, client: Client, owner: User) -> None:
        EmailAddress.objects.filter(email="typo@example.org").delete()
        TOTP.activate(owner, generate_totp_secret())
        client.post("/accounts/2fa/totp/deactivate/")
        assert self.heard() == {"Two-factor authentication is off": {OWNER, self.MINE}}
