"""Services of collaboration: invitations, what becomes of collaborators, and the mails."""
