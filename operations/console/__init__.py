"""The operator's page: what waits, what ran, what is wrong, in short. It asks no more than a glance needs."""
