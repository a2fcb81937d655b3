"""Settings of operation: probes, figures, heartbeats, backups, reports of errors. `base` takes them in."""

from __future__ import annotations

from config import env

# An outside service that raises the alarm when it hears no more of a scheduled task (operations/heartbeats).
HEARTBEAT_URL = env.text("HEARTBEAT_URL", "")
# Where errors and spans are sent (operations/telemetry); "" sends none. They need the extras "sentry" and "tracing".
SENTRY_DSN = env.text("SENTRY_DSN", "")
OTEL_EXPORTER_OTLP_ENDPOINT = env.text("OTEL_EXPORTER_OTLP_ENDPOINT", "")
# Counters of all processes of this machine are shared through files here; without the variable, in memory
# (common/shared_metrics.py). Containers need a folder in common.
METRICS_DIR = env.text("METRICS_DIR", "")
# Folder of the nightly backups, on a disk of its own; "" takes none (operations/backups).
BACKUP_DIR = env.text("BACKUP_DIR", "")
BACKUP_KEEP = env.integer("BACKUP_KEEP", 14)
# Folder of pg_dump and pg_restore; "" looks along PATH.
POSTGRESQL_BIN = env.text("POSTGRESQL_BIN", "")
# How long stored files are read and checked each night.
FILE_CHECK_MINUTES = env.integer("FILE_CHECK_MINUTES", 60)
# Where `manage.py health` answers probes, and the web processes of this machine that it asks ("none": there are none).
HEALTH_HOST = env.text("HEALTH_HOST", "127.0.0.1")
HEALTH_PORT = env.integer("HEALTH_PORT", 9180)
WEB_URLS = [url.rstrip("/") for url in env.words("WEB_URLS", "http://127.0.0.1:8000") if url != "none"]
