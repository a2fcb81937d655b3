"""What authors and readers do with advance copies."""
