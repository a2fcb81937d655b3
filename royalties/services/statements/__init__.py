"""Statements made and checked inside the database, by the same queries: memory use does not grow with their number."""

from royalties.services.statements.building import build
from royalties.services.statements.checking import changed, violations

__all__ = ["build", "changed", "violations"]
