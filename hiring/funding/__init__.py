"""Payments and refunds of milestones at the payment provider. Knows references and amounts, never contracts."""
