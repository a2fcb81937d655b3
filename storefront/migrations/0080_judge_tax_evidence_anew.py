"""Orders say what their evidence for the reader's country says together, by two pieces that agree.

The sign before said no where two of three agreed, and yes where there was none.
"""

from django.db import migrations

_PIECES = ("declared", "billing", "card")


def judge(apps, schema_editor):
    Order = apps.get_model("storefront", "Order")
    judged = []
    for order in Order.objects.exclude(tax_evidence={}).only("pk", "tax_evidence", "tax_country").iterator(2000):
        evidence = {kind: value for kind, value in order.tax_evidence.items() if kind != "agrees"}
        said = [evidence[kind] for kind in _PIECES if evidence.get(kind)]
        if said.count(order.tax_country) >= 2:
            evidence["verdict"] = "agrees"
        else:
            evidence["verdict"] = "insufficient" if set(said) <= {order.tax_country} else "contradicts"
        order.tax_evidence = evidence
        judged.append(order)
        if len(judged) == 2000:
            Order.objects.bulk_update(judged, ["tax_evidence"])
            judged = []
    Order.objects.bulk_update(judged, ["tax_evidence"])


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0079_declare_withdrawals"),
    ]

    operations = [
        migrations.RunPython(judge, migrations.RunPython.noop),
    ]
