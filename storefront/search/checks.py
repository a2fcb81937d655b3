"""The search check of `manage.py check --database default`."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from storefront.search.databases import get_backend
from storefront.search.models import SearchDocument


@register(Tags.database)
def index_is_there(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check PostgreSQL's full-text indexes or SQLite's triggers, which schema changes to the table silently drop."""
    if not databases or SearchDocument._meta.db_table not in connection.introspection.table_names():
        return []
    missing = get_backend().missing()
    if not missing:
        return []
    hint = "Create them again as the migration that creates SearchDocument does, then run manage.py rebuild_search."
    return [Error(f"Search lacks {', '.join(missing)}.", hint=hint, id="search.E001")]
