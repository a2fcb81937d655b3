"""Suspensions: prior warnings, suspensions in kinds with a last day, and the end of an author's account by the shop."""
