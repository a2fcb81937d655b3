"""Royalties: the ledger, its services and pages."""
