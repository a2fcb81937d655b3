"""Writing and answering reviews, and the mails about them."""
