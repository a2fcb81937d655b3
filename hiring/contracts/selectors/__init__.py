"""Queries for contracts."""

from hiring.contracts.selectors.clocks import due_milestones
from hiring.contracts.selectors.records import ProviderRecord, records_of

__all__ = ["ProviderRecord", "due_milestones", "records_of"]
