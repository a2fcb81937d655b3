"""Pages about what people search for."""
