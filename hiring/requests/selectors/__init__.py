"""Queries for requests, shortlists and proposals."""
