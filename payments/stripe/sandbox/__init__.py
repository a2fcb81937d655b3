"""A simulated Stripe in our own database, behind the SDK's own client. No real money moves here."""
