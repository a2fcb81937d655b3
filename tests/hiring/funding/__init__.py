"""Tests of the money of milestones at the provider."""
