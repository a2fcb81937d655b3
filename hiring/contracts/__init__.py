"""Contracts: milestones, deliveries, revisions, acceptance, cases, and the clocks that move them."""
