"""The only writers of requests, shortlists, invitations and proposals."""
