"""Pages of this app: earnings for contributors, the finance office for staff."""
