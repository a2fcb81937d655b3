"""Gives shares of older sales and refunds the facts that statements group by."""

from django.db import migrations
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, ExtractMonth, ExtractYear, LPad

_SAME = {
    "currency": "currency",
    "work_id": "work_id",
    "country": "tax_country",
    "unit_price_minor": "paid_minor",
    "terms_id": "terms_id",
}


def _month(entry):
    year, month = Cast(ExtractYear(entry), CharField()), Cast(ExtractMonth(entry), CharField())
    return Concat(year, Value("-"), LPad(month, 2, Value("0")))


def fill(apps, schema_editor):
    sale_record, refund = apps.get_model("royalties", "SaleRecord"), apps.get_model("royalties", "SaleRefund")
    parents = (("SaleShare", sale_record, "sale_id", ""), ("SaleRefundShare", refund, "refund_id", "sale__"))
    for name, model, parent, path in parents:
        of = model.objects.filter(pk=OuterRef(parent))

        def value(expression, of=of):
            return Subquery(of.values(found=expression)[:1])

        facts = {column: value(F(f"{path}{source}")) for column, source in _SAME.items()}
        facts["net_minor"] = value(F("paid_minor") + F("promotion_minor") - F("tax_minor"))
        for column in ("processor_fee_minor", "platform_fee_minor"):
            facts[column] = value(F(column))
        if path:
            facts["is_last"] = value(F("is_last"))
        booked = of.filter(entry__isnull=False).values(found=_month("entry__booked_at"))[:1]
        apps.get_model("royalties", name).objects.update(**facts, period=Coalesce(Subquery(booked), Value("")))


def forget_statements(apps, schema_editor):
    """Statements in the older form: they are made anew from the same entries once the tables are ready."""
    apps.get_model("royalties", "StatementLine").objects.all().delete()
    apps.get_model("royalties", "Statement").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("royalties", "0010_widen_statements")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(forget_statements, migrations.RunPython.noop),
    ]
