"""What readers say: reviews and votes, shelves, reports, and moderators' decisions."""
