"""The version of the wording by which readers agree to immediate supply; orders and gifts store it."""

from __future__ import annotations

WAIVER_VERSION = "2026-11"
