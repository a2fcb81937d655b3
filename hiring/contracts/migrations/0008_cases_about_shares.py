"""Cases about milestones that a royalty share alone pays for: they have no amount, and are decided by a ruling."""

from django.db import migrations, models
from django.db.models import Q

RULINGS = [
    ("stands", "It counts as accepted, and the share stands"),
    ("ends", "It ends without being accepted, and no share begins for it"),
    ("revise", "The provider revises it once more"),
]
NAMES = [value for value, _label in RULINGS]


class Migration(migrations.Migration):
    dependencies = [("contracts", "0007_reopened")]

    operations = [
        migrations.RemoveConstraint(model_name="case", name="contract_case_about_something"),
        migrations.AlterField(
            model_name="case",
            name="amount_minor",
            field=models.PositiveBigIntegerField(help_text="0 where it is about a royalty share"),
        ),
        migrations.AddField(
            model_name="case",
            name="share_ruling",
            field=models.CharField(blank=True, choices=RULINGS, default="", help_text="as decided", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="case",
            name="appeal_share_ruling",
            field=models.CharField(blank=True, choices=RULINGS, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(amount_minor__gt=0, share_ruling="", appeal_share_ruling="")
                | Q(amount_minor=0, decided_at=None, share_ruling="")
                | Q(amount_minor=0, decided_at__isnull=False, share_ruling__in=NAMES),
                name="contract_case_decides_what_it_is_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(amount_minor__gt=0)
                | Q(appeal_decided_at=None, appeal_share_ruling="")
                | Q(appeal_decided_at__isnull=False, appeal_share_ruling__in=NAMES),
                name="contract_case_appeal_decides_what_it_is_about",
            ),
        ),
    ]
