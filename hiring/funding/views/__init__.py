"""The part of the finance office that deals with milestones' money at the payment provider."""
