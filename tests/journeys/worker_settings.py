"""Settings of the workers that tests kill: everything real, but a lease short enough to wait for."""

from __future__ import annotations

from datetime import timedelta

from config.settings.dev import *  # noqa: F403

SECRET_KEY = "tests"
CONVERSION_LEASE = timedelta(seconds=2)
