"""Work between members: offers, requests, contracts, their money and reviews. Each feature is its own Django app."""
