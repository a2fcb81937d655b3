"""Tests of messages between members."""
