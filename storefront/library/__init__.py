"""What readers have and wish for: bought books, the web reader, wishes, followed authors."""
