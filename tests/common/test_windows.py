"""A browser that cannot be had: its journeys are skipped with a reason that is shown, and fail on Debian."""

from __future__ import annotations

from typing import NoReturn

import pytest

from tests.support import windows
from tests.support.windows import NOT_HAD, BrowserMissing, opened


def missing() -> NoReturn:
    raise BrowserMissing("no Firefox here")


def test_journeys_are_skipped_where_it_is_not_packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_is_debian", lambda: False)
    with pytest.raises(pytest.skip.Exception, match=f"{NOT_HAD}.*no Firefox here"), opened("firefox", missing):
        pass


def test_on_debian_none_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_is_debian", lambda: True)
    with pytest.raises(pytest.fail.Exception, match="no Firefox here"), opened("firefox", missing):
        pass
