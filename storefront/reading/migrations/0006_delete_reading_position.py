from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reading", "0005_carry_positions_over")]
    operations = [migrations.DeleteModel("ReadingPosition")]
