"""Statements made and checked inside the database, by the same queries: their cost does not grow with its memory."""

from royalties.services.statements.building import build
from royalties.services.statements.checking import changed, violations

__all__ = ["build", "changed", "violations"]
