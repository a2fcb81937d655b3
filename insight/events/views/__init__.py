"""Views of events: the beacon, and share links."""
