"""The only writers of counted figures."""
