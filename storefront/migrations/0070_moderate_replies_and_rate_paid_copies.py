import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0024_accept_credits"),
        ("storefront", "0069_keep_how_far_and_who_was_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reviewflag",
            name="review_flag_of_review_or_case",
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="is_reply",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reply",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="cases",
                to="storefront.reviewreply",
            ),
        ),
        migrations.AddField(
            model_name="reviewflag",
            name="reply",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="flags",
                to="storefront.reviewreply",
            ),
        ),
        migrations.AddField(
            model_name="reviewreply",
            name="fold",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Shown"),
                    ("spoiler", "Behind a word about spoilers"),
                    ("flagged", "Folded by readers"),
                    ("hidden", "Taken off by a moderator"),
                ],
                db_default="",
                default="",
                help_text="by moderators alone",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("reply",), name="reply_case_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewflag",
            constraint=models.UniqueConstraint(fields=("reply", "user"), name="reply_flag_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewflag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("reply", None), ("review__isnull", False)),
                    models.Q(("case", None), ("reply__isnull", False), ("review", None)),
                    models.Q(("case__isnull", False), ("reply", None), ("review", None)),
                    _connector="OR",
                ),
                name="review_flag_of_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="uncounted",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "They count"),
                    ("free", "The copy was free or nearly free"),
                    ("maker", "Written by one of the book’s makers"),
                ],
                db_default="",
                default="",
                help_text="kept by services/ratings.py",
                max_length=5,
            ),
        ),
    ]
