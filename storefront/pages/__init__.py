"""Pages that show several features; nothing imports them."""
