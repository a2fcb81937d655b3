"""What machines read of the shop: ONIX, sitemaps, feeds. All of it is public and the same for everybody."""
