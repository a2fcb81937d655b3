from __future__ import annotations

from common.recent import Recent


def test_what_was_used_longest_ago_goes_first() -> None:
    recent: Recent[str, bytes] = Recent(most=10, size=len)
    for key in "abc":
        recent.put(key, b"123")
    assert recent.get("a") == b"123"
    recent.put("d", b"1234")
    assert [recent.get(key) for key in "abcd"] == [b"123", None, b"123", b"1234"]


def test_a_value_in_the_place_of_another_counts_once() -> None:
    recent: Recent[str, bytes] = Recent(most=10, size=len)
    for _ in range(5):
        recent.put("a", b"123456")
    recent.put("b", b"1234")
    assert (recent.get("a"), recent.get("b")) == (b"123456", b"1234")


def test_one_larger_than_all_is_not_kept() -> None:
    recent: Recent[str, bytes] = Recent(most=10, size=len)
    recent.put("a", b"12345678901")
    assert recent.get("a") is None
    recent.put("b", b"1234567890")
    assert recent.get("b")
