"""The terms under which authors publish. Each version has a page of its own and is never changed: a new one is added,
and everybody is asked again before their next publication."""

from __future__ import annotations

# The oldest first; each is a template, `publishing/terms/<version>.html`.
VERSIONS = ("2026-11-29",)
CURRENT = VERSIONS[-1]
