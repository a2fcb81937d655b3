"""Cards are rendered by their template; a listing stores no markup of them any more."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("storefront", "0002_search_documents")]

    operations = [migrations.RemoveField(model_name="listing", name="card_html")]
