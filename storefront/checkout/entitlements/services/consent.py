"""The wording by which readers agree to immediate supply; orders and gifts keep which one it was."""

from __future__ import annotations

WAIVER_VERSION = "2026-11"
