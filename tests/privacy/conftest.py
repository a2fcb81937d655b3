from __future__ import annotations

import pytest
from django.db import connection


@pytest.fixture
def racing_db(transactional_db: None) -> None:
    """PostgreSQL with more than one connection; SQLite lets only one transaction write at a time."""
    if connection.vendor != "postgresql":
        pytest.skip("races need PostgreSQL")
