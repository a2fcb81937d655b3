"""Mails of log-in, passwords, addresses and second factors: all ours, to our site, whatever the server says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.template.loader import get_template
from django.test import Client

from accounts.models import User
from accounts.services import account_emails
from common import emails
from common.models import PendingMail
from tests.conftest import NOON
from tests.factories.accounts import make_reader

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough passphrase"
EMAIL = "person@example.org"
# What allauth's own templates say somewhere, and we never do.
STOCK = ["Hello from", "Thank you for using", "You're receiving", "You are receiving", "site_name", "example.com"]


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _at_once(django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails go when their request's transaction commits; the tests' own never does."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_told: call())


def person(**told: Any) -> User:
    user = make_reader(email=EMAIL, **told)
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def logged_in(client: Client, **told: Any) -> User:
    user = person(**told)
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return user


def names_of_allauth() -> Iterator[str]:
    """Every mail of the installed apps of allauth: "account/email/login_code"."""
    folder = Path(allauth.__file__).parent / "templates"
    for app in ("account", "mfa", "usersessions"):
        for file in sorted((folder / app).rglob("*_subject.txt")):
            yield str(file.relative_to(folder)).removesuffix("_subject.txt")


def sent() -> mail.EmailMultiAlternatives:
    (one,) = mail.outbox
    assert isinstance(one, mail.EmailMultiAlternatives)
    return one


def test_every_mail_of_allauth_is_ours() -> None:
    names = list(names_of_allauth())
    assert len(names) >= 18
    assert sorted(account_emails.SUBJECTS) == sorted(names)
    for name in [*names, *account_emails.OURS]:
        for ending in ("txt", "html"):
            origin = get_template(f"emails/{account_emails.template_of(name)}.{ending}").template.origin
            assert str(settings.BASE_DIR) in str(origin), name


@pytest.mark.parametrize("name", [*names_of_allauth(), *account_emails.OURS])
@pytest.mark.parametrize("language", ["en", "de"])
def test_each_is_whole_and_in_the_language_of_its_reader(name: str, language: str) -> None:
    user = person(language=language)
    told = {"code": "K4XQ", "ip": "203.0.113.9", "timestamp": NOON, "deleted_email": "old@example.org"}
    told |= {"from_email": "old@example.org", "to_email": "new@example.org", "user": user}
    told |= {"added_email": "new@example.org", "password_reset_url": "http://evil.example/b/"}
    told |= {"signup_url": "http://evil.example/c/"}
    account_emails.post(name=name, to=EMAIL, context=told)
    message = sent()
    html = message.alternatives[0].content
    for text in (str(message.body), str(html)):
        assert "evil.example" not in text
        assert not [word for word in STOCK if word in text]
        assert "{" not in text
    assert f'<html lang="{language}' in str(html)
    assert "\n\n\n" not in str(message.body)
    assert "[" not in message.subject
    assert (" Sie " in str(message.body) or " Ihr" in str(message.body)) == (language == "de")


class TestReset:
    def test_leads_to_our_site_whatever_host_was_asked(self, client: Client) -> None:
        person()
        client.post("/accounts/password/reset/", {"email": EMAIL}, headers={"host": "evil.example"})
        body = str(sent().body)
        assert re.search(re.escape(settings.SITE_URL) + r"/accounts/password/reset/key/\S+", body)
        assert "evil" not in body + str(sent().alternatives)

    def test_speaks_the_language_of_the_account(self, client: Client) -> None:
        person(language="de")
        client.post("/accounts/password/reset/", {"email": EMAIL})
        assert sent().subject == "Neues Passwort festlegen"

    def test_of_an_unknown_address_speaks_the_language_of_the_page(self, client: Client) -> None:
        client.post("/de-de/accounts/password/reset/", {"email": "nobody@example.org"})
        assert sent().subject == "Zu dieser Adresse gibt es kein Konto"
        assert f"{settings.SITE_URL}/de-de/accounts/signup/" in str(sent().body)


class TestSignUp:
    FORM = {"display_name": "New", "email": "new@example.org", "password1": PASSWORD}

    def test_goes_on_without_a_mail_server(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        """The account is made, and the mail waits; later it is sent once."""

        def refuse(message: object) -> int:
            raise SMTPServerDisconnected("down")

        with monkeypatch.context() as down:
            down.setattr(mail.EmailMultiAlternatives, "send", refuse)
            answer = client.post("/accounts/signup/", self.FORM)
        assert answer.status_code == 302
        assert User.objects.filter(email="new@example.org").exists()
        pending = PendingMail.objects.get()
        assert (pending.tries, mail.outbox) == (1, [])

        assert not emails.send_pending(mail_id=pending.pk, at=NOON)  # not yet due
        emails.retry_pending(at=NOON + timedelta(minutes=1))
        assert mail.outbox == []
        assert emails.send_pending(mail_id=pending.pk, at=NOON + timedelta(minutes=2))
        assert sent().to == ["new@example.org"]
        assert not PendingMail.objects.exists()
        assert not emails.send_pending(mail_id=pending.pk, at=NOON + timedelta(hours=2))

    def test_what_was_not_sent_in_three_days_is_dropped(self) -> None:
        emails.enqueue("account/unknown_account", "A subject", "never@example.org", {"email": "never@example.org"})
        mail.outbox.clear()
        PendingMail.objects.create(to="a@example.org", made_at=NOON - timedelta(days=3, seconds=1), due_at=NOON)
        emails.retry_pending(at=NOON)
        assert (mail.outbox, PendingMail.objects.count()) == ([], 0)


class TestChanges:
    def test_of_the_password_are_told(self, client: Client) -> None:
        logged_in(client)
        form = {"oldpassword": PASSWORD, "password1": "another long passphrase", "password2": "another long passphrase"}
        client.post("/accounts/password/change/", form)
        assert sent().subject == "Your password was changed"
        assert "24 November 2026" in str(sent().body)
        assert "127.0.0.1" in str(sent().body)

    def test_of_the_second_factor_are_told(self, client: Client) -> None:
        user = logged_in(client, language="de")
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        client.post("/accounts/2fa/totp/deactivate/")
        assert [one.subject for one in mail.outbox] == ["Zwei-Faktor-Authentifizierung ist ausgeschaltet"]

    def test_an_address_that_was_removed_is_told(self, client: Client) -> None:
        user = logged_in(client)
        EmailAddress.objects.create(user=user, email="second@example.org", verified=True)
        client.post("/accounts/email/", {"email": "second@example.org", "action_remove": ""})
        assert [one.to for one in mail.outbox] == [[EMAIL], ["second@example.org"]]
        assert all("second@example.org was removed" in str(one.body) for one in mail.outbox)
