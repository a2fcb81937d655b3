"""Tests of work between members."""
