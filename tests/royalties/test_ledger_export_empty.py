"""The export of a shop that has sold nothing yet."""

from __future__ import annotations

import pytest

from tests.royalties.test_ledger_export import export, load

pytestmark = pytest.mark.django_db


def test_has_no_entries(tmp_path):
    assert load(export(tmp_path)) == []
