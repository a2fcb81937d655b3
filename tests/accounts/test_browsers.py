from __future__ import annotations

import pytest

from accounts.templatetags.browsers import browser


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox 145 on Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Mobile/15E148 Safari/604.1",
            "Mobile Safari 18 on iOS",
        ),
        ("a shelf of one’s own/1.0", "a shelf of one’s own/1.0"),
        ("", ""),
        ("<script>" * 20, ("<script>" * 20)[:60]),
    ],
)
def test_browsers_are_named_and_what_is_unknown_is_cut_off(user_agent: str, name: str) -> None:
    assert browser(user_agent) == name
