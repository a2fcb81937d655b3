"""What is on sale: listings, bundles, prices, rankings, and what machines read of them."""
