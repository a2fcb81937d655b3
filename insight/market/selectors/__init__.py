"""What each figure is counted from, and what was counted."""
