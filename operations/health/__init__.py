"""A process of its own that answers probes: it needs no request thread, no host name and no open database."""
