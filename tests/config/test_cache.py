"""The cache that every web process sees: a table of the database, or Redis."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.cache import PatientRedisCache
from config import env
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition


@pytest.fixture
def in_the_database(settings) -> DatabaseCache:
    """The cache of another process than the one whose pages are asked for."""
    settings.CACHES = {**settings.CACHES, "default": env.cache("CACHE_URL")}
    told = env.cache("CACHE_URL")
    return DatabaseCache(str(told["LOCATION"]), {"OPTIONS": told["OPTIONS"]})


class TestCacheUrl:
    def test_without_it_the_database_keeps_it(self, monkeypatch) -> None:
        monkeypatch.delenv("CACHE_URL", raising=False)
        assert env.cache("CACHE_URL")["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"

    def test_names_a_redis_server(self, monkeypatch) -> None:
        monkeypatch.setenv("CACHE_URL", "redis://cache:6379/1")
        told = env.cache("CACHE_URL")
        assert told == {"BACKEND": "common.cache.PatientRedisCache", "LOCATION": "redis://cache:6379/1"}
        PatientRedisCache(str(told["LOCATION"]), {})._cache.get_client()  # its client is installed

    def test_names_nothing_else(self, monkeypatch) -> None:
        monkeypatch.setenv("CACHE_URL", "memcached://cache")
        with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
            env.cache("CACHE_URL")


@pytest.mark.django_db
@pytest.mark.both
class TestInTheDatabase:
    def test_what_one_process_adds_another_finds(self, in_the_database: DatabaseCache) -> None:
        from django.core.cache import cache

        assert cache.add("once", 1, timeout=60)
        assert not in_the_database.add("once", 2, timeout=60)
        assert in_the_database.get("once") == 1

    def test_tries_are_counted_for_all_processes(self, client: Client, in_the_database: DatabaseCache) -> None:
        codes = [client.post("/orders/find/", {"email": "a@example.org"}).status_code for _ in range(11)]
        assert codes == [200] * 10 + [429]
        in_the_database.clear()
        assert client.post("/orders/find/", {"email": "a@example.org"}).status_code == 200

    def test_a_one_time_code_is_used_up_for_all_processes(self, in_the_database: DatabaseCache) -> None:
        user, secret = make_reader(), generate_totp_secret()
        code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
        totp = TOTP.activate(user, secret)
        assert totp.validate_code(code)
        assert not TOTP(totp.instance).validate_code(code)
        in_the_database.clear()
        assert TOTP(totp.instance).validate_code(code)

    @pytest.mark.parametrize("address", ["/", "/books/", "/books/the-lamp/", "/search/?q=lamp", "/accounts/login/"])
    def test_pages_of_strangers_do_not_ask_for_it(self, client: Client, in_the_database, address: str) -> None:
        make_published_edition(slug="the-lamp", title="The Lamp")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        assert [one["sql"] for one in asked if "cacheentry" in one["sql"]] == []
