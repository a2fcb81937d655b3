"""Planning and sending of digests."""
