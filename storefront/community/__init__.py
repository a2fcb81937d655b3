"""Reviews and votes, readers' shelves, reports, and moderators' decisions."""
