"""The only writers of providers, offers and samples."""
