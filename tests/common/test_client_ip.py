from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from common.client_ip import client_address

PROXY, VISITOR = "10.0.0.1", "203.0.113.9"


def asked(rf: RequestFactory, forwarded: str | None, came_from: str = PROXY) -> str | None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(rf.get("/", headers=headers, REMOTE_ADDR=came_from))


class TestClientAddress:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "expected"),
        [
            (0, None, PROXY),
            (0, VISITOR, PROXY),
            (1, VISITOR, VISITOR),
            (1, f"198.51.100.7, {VISITOR}", VISITOR),
            (2, f"198.51.100.7, {VISITOR}, 192.0.2.1", VISITOR),
            (2, VISITOR, VISITOR),  # came past the outer proxy
            (1, None, PROXY),
            (1, "", PROXY),
            (1, f"{VISITOR}:4711", VISITOR),
            (1, "[2001:db8::9]:4711", "2001:db8::9"),
            (1, "2001:DB8::9", "2001:db8::9"),
            (1, "unknown", None),
            (1, f"{VISITOR}, ", None),
        ],
    )
    def test_is_what_the_outermost_proxy_saw(self, rf, settings, proxies, forwarded, expected) -> None:
        settings.TRUSTED_PROXIES = proxies
        assert asked(rf, forwarded) == expected

    def test_of_a_socket_is_none(self, rf) -> None:
        assert asked(rf, None, came_from="") is None


@pytest.mark.django_db
class TestLimits:
    """Ten times an hour for each visitor: /orders/find/ stands for all of allauth's limits."""

    def codes(self, client: Client, forwarded: list[str]) -> list[int]:
        return [
            client.post(
                "/orders/find/", {"email": "a@example.org"}, headers={"X-Forwarded-For": one}, REMOTE_ADDR=PROXY
            ).status_code
            for one in forwarded
        ]

    def test_behind_a_proxy_are_each_visitors_own(self, client: Client, settings) -> None:
        settings.TRUSTED_PROXIES = 1
        assert 429 not in self.codes(client, [f"203.0.113.{number}" for number in range(12)])

    def test_are_not_escaped_by_what_a_visitor_says(self, client: Client, settings) -> None:
        settings.TRUSTED_PROXIES = 1
        assert self.codes(client, [f"198.51.100.{number}, {VISITOR}" for number in range(11)])[-1] == 429

    def test_without_a_proxy_believe_no_header(self, client: Client) -> None:
        assert self.codes(client, [f"203.0.113.{number}" for number in range(11)])[-1] == 429
