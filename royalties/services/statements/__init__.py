"""Statements made and checked inside the database, by the same queries: their cost does not grow with its memory."""

from royalties.services.statements.building import build, build_from_entries
from royalties.services.statements.checking import changed, violations

__all__ = ["build", "build_from_entries", "changed", "violations"]
