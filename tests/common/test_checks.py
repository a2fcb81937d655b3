from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common.checks import (
    database_is_not_older_than_0_1,
    mail_is_sent,
    requests_are_limited,
    secret_key_is_strong,
    seller_is_named,
    vault_keys_are_keys,
)
from config import env


def told() -> list[str | None]:
    return [problem.id for problem in seller_is_named(None)]


class TestSellerIsNamed:
    def test_is_quiet_where_everything_is_said(self) -> None:
        assert told() == []

    @pytest.mark.parametrize("name", ["SELLER_NAME", "SELLER_ADDRESS", "SELLER_EMAIL"])
    @pytest.mark.parametrize(("is_simulated", "problem"), [(True, "common.W001"), (False, "common.E001")])
    def test_names_what_is_missing(self, settings, name: str, is_simulated: bool, problem: str) -> None:
        setattr(settings, name, "")
        settings.PAYMENTS_SANDBOX = is_simulated
        (found,) = seller_is_named(None)
        assert found.id == problem
        assert name in found.msg

    def test_warns_of_a_seller_without_a_tax_number(self, settings) -> None:
        settings.SELLER_VAT_ID = ""
        assert told() == ["common.W002"]


class TestRequestsAreLimited:
    def test_is_quiet_where_tries_are_counted(self, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"upload": "2/h/key"}
        assert requests_are_limited(None) == []

    def test_is_an_error_where_a_measurement_left_them_off(self, settings) -> None:
        settings.ACCOUNT_RATE_LIMITS = False
        assert [problem.id for problem in requests_are_limited(None)] == ["common.E002"]


class TestSecretKeyIsStrong:
    def test_is_quiet_about_a_long_one(self, settings) -> None:
        settings.SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        assert secret_key_is_strong(None) == []

    @pytest.mark.parametrize("key", ["x", "ab" * 40, "a1b2c3d4e5" * 4 + "f6", "django-insecure-0123456789" * 4])
    def test_refuses_what_can_be_guessed(self, settings, key: str) -> None:
        settings.SECRET_KEY = key
        (problem,) = secret_key_is_strong(None)
        assert problem.id == "common.E004"
        assert key not in f"{problem.msg}{problem.hint}"


class TestVaultKeysAreKeys:
    def test_is_quiet_about_keys(self, settings) -> None:
        settings.VAULT_KEYS = [env.key_from("new"), env.key_from("old")]
        assert vault_keys_are_keys(None) == []

    @pytest.mark.parametrize("wrong", ["abc", "é" * 32, env.key_from("old")[:-4]])
    def test_names_the_place_of_one_that_is_none(self, settings, wrong: str) -> None:
        settings.VAULT_KEYS = [env.key_from("new"), wrong]
        (problem,) = vault_keys_are_keys(None)
        assert (problem.id, "number 2 of 2" in problem.msg, wrong in problem.msg) == ("common.E005", True, False)

    def test_refuses_a_shop_without_any(self, settings) -> None:
        settings.VAULT_KEYS = []
        assert [problem.id for problem in vault_keys_are_keys(None)] == ["common.E005"]


class TestMailIsSent:
    def test_is_quiet_where_there_is_a_server(self, settings) -> None:
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
        assert mail_is_sent(None) == []

    def test_refuses_a_shop_whose_emails_nobody_gets(self, settings) -> None:
        settings.MAILERS = {"default": {"BACKEND": "common.outbox_email_backend.OutboxBackend"}}
        assert [problem.id for problem in mail_is_sent(None)] == ["common.E006"]


@pytest.mark.django_db
class TestDatabaseIsNotOlderThan01:
    def test_is_quiet_about_one_of_today(self) -> None:
        assert database_is_not_older_than_0_1(None, databases=["default"]) == []
        assert database_is_not_older_than_0_1(None) == []

    @pytest.mark.parametrize("gone", [("royalties", "0002_ledger_triggers"), ("storefront", "0001_initial")])
    def test_refuses_one_that_ran_migrations_of_before(self, gone: tuple[str, str]) -> None:
        MigrationRecorder(connection).record_applied(*gone)
        with pytest.raises(SystemCheckError, match="Start with an empty database"):
            call_command("migrate", verbosity=0, skip_checks=False)
