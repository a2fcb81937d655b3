"""Pages of requests: the public explanation, the client's, and those of both sides."""
