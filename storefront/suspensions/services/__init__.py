"""Services of suspensions: the only writers of warnings, suspensions and endings."""
