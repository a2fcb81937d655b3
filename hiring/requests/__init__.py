"""Requests: what a client asks for, who is asked and why, and the proposals that come back."""
