"""What authors and readers do with newsletters."""
