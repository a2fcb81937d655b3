"""Queries for contracts."""

from hiring.contracts.selectors.clocks import due_milestones
from hiring.contracts.selectors.records import ClientRecord, ProviderRecord, client_record_of, records_of

__all__ = ["ClientRecord", "ProviderRecord", "client_record_of", "due_milestones", "records_of"]
