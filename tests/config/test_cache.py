"""The cache that every web process sees: a table of the database, or Redis."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_redis.cache import RedisCache

from config import env
from config.settings import base
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition


@pytest.fixture
def in_the_database(settings) -> DatabaseCache:
    """The cache of another process than the one whose pages are asked for."""
    settings.CACHES = {**settings.CACHES, "default": base.CACHES["default"]}
    told = base.CACHES["default"]
    return DatabaseCache(str(told["LOCATION"]), {"OPTIONS": told["OPTIONS"]})


@pytest.fixture
def away(monkeypatch) -> RedisCache:
    """The cache of a Redis server that nobody finds."""
    monkeypatch.setenv("CACHE_URL", "redis://127.0.0.1:1/0")
    told = env.cache("CACHE_URL", "pages")
    return RedisCache(str(told["LOCATION"]), {name: told[name] for name in ("KEY_PREFIX", "OPTIONS")})


class TestCacheUrl:
    def test_without_it_each_process_keeps_its_own(self, monkeypatch) -> None:
        monkeypatch.delenv("CACHE_URL", raising=False)
        assert env.cache("CACHE_URL", "pages")["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"

    def test_names_a_redis_server_that_is_waited_for_a_moment(self, monkeypatch) -> None:
        monkeypatch.setenv("CACHE_URL", "redis://cache:6379/1")
        told = env.cache("CACHE_URL", "pages")
        assert (told["BACKEND"], told["LOCATION"]) == ("django_redis.cache.RedisCache", "redis://cache:6379/1")
        assert told["OPTIONS"]["SOCKET_TIMEOUT"] == told["OPTIONS"]["SOCKET_CONNECT_TIMEOUT"] == 0.25

    def test_names_nothing_else(self, monkeypatch) -> None:
        monkeypatch.setenv("CACHE_URL", "memcached://cache")
        with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
            env.cache("CACHE_URL", "pages")


class TestAway:
    def test_is_a_miss(self, away: RedisCache) -> None:
        away.set("a", 1)
        assert away.get("a", "nothing") == "nothing"
        assert away.get_or_set("a", lambda: 2) == 2

    @pytest.mark.django_db
    def test_holds_nobody_up(self, client: Client, away: RedisCache, settings) -> None:
        """Pages come, uncounted."""
        redis = {name: env.cache("CACHE_URL", name) for name in ("pages", "counts")}  # of a server that is away
        settings.CACHES, settings.NETWORK_RATE_LIMITS = {**settings.CACHES, **redis}, {"list": 1}
        assert [client.get("/books/").status_code for _ in range(3)] == [200, 200, 200]


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
