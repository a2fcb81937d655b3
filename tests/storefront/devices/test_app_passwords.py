"""App passwords: made once, kept as digests, used by devices, revoked."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import password_reset
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.selectors import confirmed_emails
from accounts.services import refused_attempts
from common import clock
from common.errors import NotAllowed, NotFound
from common.models import PendingMail
from storefront.devices.errors import BadName, NameTaken, NoScope, TooManyAppPasswords
from storefront.devices.models import AppPassword, Scope
from storefront.devices.selectors import app_passwords as selectors
from storefront.devices.services import app_passwords as services
from tests.factories.accounts import make_member, make_reader
from tests.factories.guests import buy_as_guest
from tests.storefront.devices.clients import ask

pytestmark = pytest.mark.django_db

PAGE = "/account/devices/"
SHELF = "/opds/v2/shelf"


def make(person, name="kobo", scopes=(Scope.CATALOGUE,)):
    return services.make(actor=person, name=name, scopes=scopes, address=None, at=clock.now())


def md5_of(text: str) -> str:
    """As KOReader's sync makes it."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class TestMake:
    def test_is_sixteen_characters_that_nobody_confuses(self, reader):
        made = [make(reader, f"device {number}").text for number in range(20)]
        assert {len(text) for text in made} == {16}
        assert len(set(made)) == 20
        assert not set("".join(made)) & set("0O1l")
        assert len(services.ALPHABET) == len(set(services.ALPHABET)) == 58

    def test_keeps_digests_of_the_text_and_of_its_md5_alone(self, reader):
        made = make(reader)
        row = AppPassword.objects.values().get()
        assert made.text not in str(row)
        md5 = md5_of(made.text)
        assert md5 not in str(row)
        assert row["sha256"] == hashlib.sha256(made.text.encode()).hexdigest()
        assert row["md5_sha256"] == hashlib.sha256(md5.encode()).hexdigest()

    def test_is_found_as_koreaders_sync_sends_it(self, reader):
        made = make(reader, scopes=[Scope.SYNC])
        md5 = md5_of(made.text)
        assert selectors.by_md5(md5) == selectors.by_md5(md5.upper()) == made.password
        assert selectors.by_md5(made.text) is None
        assert selectors.by_password(md5) is None
        assert made.password.scopes == [Scope.SYNC]

    @pytest.mark.parametrize("name", ["a:b", "", "  "])
    def test_refuses_names_that_a_device_could_not_send(self, reader, name):
        with pytest.raises(BadName):
            make(reader, name)

    def test_refuses_a_name_twice_whatever_its_case(self, reader):
        make(reader, "Kobo")
        with pytest.raises(NameTaken):
            make(reader, "kobo")
        make(make_reader(), "kobo")

    def test_refuses_no_scope_and_unknown_ones(self, reader):
        for scopes in ([], ["admin"]):
            with pytest.raises(NoScope):
                make(reader, scopes=scopes)

    def test_refuses_one_too_many(self, reader):
        for number in range(services.MAX_APP_PASSWORDS):
            make(reader, str(number))
        with pytest.raises(TooManyAppPasswords):
            make(reader, "one more")

    def test_guests_have_none(self, book, postman):
        with pytest.raises(NotAllowed):
            make(buy_as_guest(book).buyer)

    def test_the_database_refuses_a_colon_too(self, reader):
        made = make(reader)
        with pytest.raises(IntegrityError):
            AppPassword.objects.filter(pk=made.password.pk).update(name="a:b")

    def test_is_audited_with_its_revocation(self, reader):
        made = make(reader)
        services.revoke(actor=reader, password=made.password)
        entries = AuditEntry.objects.filter(about=reader, verb__startswith="app_password").order_by("pk")
        assert [entry.verb for entry in entries] == ["app_password.made", "app_password.revoked"]
        assert made.text not in str([entry.facts for entry in entries])

    def test_tells_all_addresses_of_the_account_without_the_text(self, reader):
        EmailAddress.objects.create(user=reader, email="second@example.org", verified=True)
        made = services.make(actor=reader, name="Küche", scopes=[Scope.SYNC], address="192.0.2.7", at=clock.now())
        mails = PendingMail.objects.all()
        assert sorted(mail.to for mail in mails) == sorted(confirmed_emails(reader))
        assert "second@example.org" in {mail.to for mail in mails}
        for mail in mails:
            assert mail.subject == "An app password was made"
            for words in ("“Küche”", "192.0.2.7", "/account/devices/"):
                assert words in mail.text
                assert words in mail.html
            assert made.text not in mail.text + mail.html

    def test_tells_nobody_of_one_that_was_refused(self, reader):
        with pytest.raises(NoScope):
            make(reader, scopes=[])
        assert not PendingMail.objects.exists()


class TestRevoke:
    def test_somebody_elses_does_not_exist(self, reader):
        made = make(reader)
        with pytest.raises(NotFound):
            services.revoke(actor=make_reader(), password=made.password)
        assert AppPassword.objects.exists()

    def test_twice_is_once(self, reader):
        made = make(reader)
        services.revoke(actor=reader, password=made.password)
        services.revoke(actor=reader, password=made.password)
        assert AuditEntry.objects.filter(verb="app_password.revoked").count() == 1

    def test_a_password_reset_by_email_revokes_all(self, reader, rf):
        other = make_reader()
        for person, name in ((reader, "kobo"), (reader, "phone"), (other, "kobo")):
            make(person, name)
        password_reset.send(sender=type(reader), request=rf.get("/"), user=reader)
        assert [one.user for one in AppPassword.objects.all()] == [other]


class TestThePage:
    @pytest.fixture(autouse=True)
    def _just_logged_in(self, monkeypatch):
        asked = "allauth.account.internal.flows.reauthentication.is_reauthentication_required"
        monkeypatch.setattr(asked, lambda _request, app: False)

    def test_shows_the_text_once(self, signed_in, reader):
        response = signed_in.post(PAGE, {"name": "Kobo Clara", "scopes": ["catalogue", "sync"]})
        password = AppPassword.objects.get()
        shown = response.content.decode()
        text = shown.partition("<code>Kobo Clara</code>")[2].partition("<code>")[2].partition("</code>")[0]
        assert selectors.by_password(text) == password
        assert "no-store" in response["Cache-Control"]
        assert text not in signed_in.get(PAGE).content.decode()
        assert text not in str(dict(signed_in.session))
        assert password.scopes == [Scope.CATALOGUE, Scope.SYNC]

    @pytest.mark.parametrize(
        "form", [{"name": "a:b", "scopes": ["catalogue"]}, {"name": "a"}, {"name": "", "scopes": ["sync"]}]
    )
    def test_says_what_is_wrong(self, signed_in, form):
        assert signed_in.post(PAGE, form).status_code == 422
        assert not AppPassword.objects.exists()

    def test_says_that_a_name_is_taken(self, signed_in, reader):
        make(reader)
        response = signed_in.post(PAGE, {"name": "KOBO", "scopes": ["catalogue"]})
        assert (response.status_code, AppPassword.objects.count()) == (422, 1)
        assert "already have an app password called" in response.content.decode()

    def test_lists_when_each_was_used_and_revokes(self, signed_in, reader):
        made = make(reader)
        assert "Never" in signed_in.get(PAGE).content.decode()
        there = reverse("devices:app-password-revoke", args=[made.password.public_id])
        assert signed_in.get(there).status_code == 405
        assert signed_in.post(there)["Location"] == PAGE
        with pytest.raises(ObjectDoesNotExist):
            made.password.refresh_from_db()

    def test_nobody_revokes_anothers_by_its_address(self, signed_in):
        made = make(make_reader())
        there = reverse("devices:app-password-revoke", args=[made.password.public_id])
        assert signed_in.post(there).status_code == 404
        assert signed_in.post(there.replace(made.password.public_id, "app_none")).status_code == 404
        assert AppPassword.objects.exists()

    def test_leads_there_from_the_account(self, signed_in):
        assert f'href="{PAGE}"' in signed_in.get("/account/").content.decode()


def test_making_one_asks_for_the_password_again(client):
    client.force_login(make_member())
    response = client.post(PAGE, {"name": "kobo", "scopes": ["catalogue"]})
    assert "/accounts/reauthenticate/" in response["Location"]
    assert not AppPassword.objects.exists()


class TestSigningIn:
    def status(self, login=None, **headers):
        return ask(SHELF, login=login, **headers).status_code

    def test_by_the_name_or_the_email_address(self, reader):
        made = make(reader, "Küche")
        for name in ("Küche", "küche", reader.email, reader.email.upper()):
            assert self.status((name, made.text)) == 200, name
        assert self.status(("tablet", made.text)) == 401
        assert self.status(("", made.text)) == 401

    def test_names_of_older_programs_are_read(self, reader):
        made = make(reader, "Küche")
        sent = base64.b64encode(f"Küche:{made.text}".encode("latin-1")).decode()
        assert self.status(authorization=f"basic {sent}") == 200

    def test_wrong_revoked_and_foreign_ones_are_refused_alike(self, reader):
        made, sync = make(reader), make(reader, "sync", [Scope.SYNC])
        others = make(make_reader(), "other")
        wrong = [("kobo", made.text.swapcase()), ("sync", sync.text), ("kobo", others.text), ("kobo", made.text + " ")]
        services.revoke(actor=reader, password=made.password)
        answers = [ask(SHELF, login=one) for one in [*wrong, ("kobo", made.text)]]
        assert {one.status_code for one in answers} == {401}
        assert len({one.body for one in answers}) == 1
        assert not AppPassword.objects.exclude(used_on=None).exists()

    def test_an_account_password_is_none(self, reader):
        reader.set_password("correct horse battery")
        reader.save()
        assert self.status((reader.email, "correct horse battery")) == 401

    def test_of_a_closed_account_is_refused(self, reader):
        made = make(reader)
        type(reader).objects.filter(pk=reader.pk).update(is_active=False)
        assert self.status(("kobo", made.text)) == 401

    @pytest.mark.parametrize(
        "header", ["", "Basic", "Basic !!!", "Basic a29ibw==", "Bearer abc", "Digest username=x", "Basic w7zDvA"]
    )
    def test_what_is_no_basic_header_is_asked_to_sign_in(self, db, header):
        assert self.status(authorization=header) == 401

    def test_a_session_does_not_count(self, signed_in, reader):
        response = ask(SHELF, client=signed_in)
        assert response.status_code == 401

    def test_says_both_ways_how_to_sign_in_and_is_no_page(self, db):
        response = ask(SHELF)
        assert response["WWW-Authenticate"].startswith('Basic realm="')
        assert response["Content-Type"] == "application/opds-authentication+json"
        assert "Location" not in response
        assert b"<html" not in response.body
        assert response["Cache-Control"] == "no-store"

    def test_notes_the_day_with_one_write(self, reader, login, django_assert_num_queries):
        ask(SHELF, login=login)
        assert AppPassword.objects.get().used_on == clock.now().date()
        password = AppPassword.objects.get()
        with django_assert_num_queries(0):
            services.note_used(password=password, at=clock.now())
        services.note_used(password=password, at=clock.now() + timedelta(days=1))
        assert AppPassword.objects.get().used_on == clock.now().date() + timedelta(days=1)


class TestWrongTries:
    @pytest.fixture(autouse=True)
    def _few(self, settings):
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "app_password": "3/10m/key"}

    def test_are_counted_by_network_and_then_nothing_is_tried(self, reader, login):
        codes = [ask(SHELF, login=("kobo", "wrong")).status_code for _number in range(5)]
        assert codes == [401, 401, 401, 429, 429]
        refused = ask(SHELF, login=login)
        assert (refused.status_code, "Retry-After" in refused) == (429, True)

    def test_right_ones_and_none_at_all_are_not_counted(self, reader, login):
        assert {ask(SHELF, login=login).status_code for _number in range(5)} == {200}
        assert {ask(SHELF).status_code for _number in range(5)} == {401}

    def test_are_in_the_audit_log_without_what_was_sent(self, reader, login):
        made = make(reader, "sync only", [Scope.SYNC])
        ask(SHELF, login=("sync only", made.text))
        ask(SHELF, login=("kobo", "hunter2"))
        refused_attempts.enter_counted(at=clock.now() + timedelta(minutes=2))
        entries = AuditEntry.objects.filter(verb="app_password.refused")
        assert {entry.about for entry in entries} == {None, reader}
        assert "hunter2" not in str([entry.facts for entry in entries])
