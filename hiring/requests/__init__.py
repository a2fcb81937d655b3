"""Requests for work, the shortlist with its reasons, proposals and counter-proposals."""
