"""The only writers of events, salts and share links."""
