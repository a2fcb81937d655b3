from django.db import migrations
from django.db.models import F
from django.db.models.functions import Greatest


def to_units(apps, schema_editor):
    accounts = apps.get_model("royalties", "PayoutAccount")._default_manager
    accounts.update(minimum_units=Greatest(F("minimum_minor") / 100, 1))


def to_minor(apps, schema_editor):
    accounts = apps.get_model("royalties", "PayoutAccount")._default_manager
    accounts.update(minimum_minor=F("minimum_units") * 100)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0030_pay_through_rails")]

    operations = [migrations.RunPython(to_units, to_minor)]
