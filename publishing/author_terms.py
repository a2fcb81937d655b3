"""Versions of the terms under which authors publish.

A published version never changes. A new version is added with its own page, and every author is asked to accept it
before their next publication.
"""

from __future__ import annotations

# Oldest first. Each version has a template, `publishing/terms/<version>.html`.
VERSIONS = ("2026-11-29", "2026-11-30")
CURRENT = VERSIONS[-1]
