"""Tests of reviews of contracts."""
