"""Errors for Sentry and spans for OpenTelemetry: only where the environment names a receiver, and without people."""
