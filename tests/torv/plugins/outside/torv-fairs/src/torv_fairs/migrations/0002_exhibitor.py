import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fairs", "0001_initial"), ("directory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="stand",
            name="exhibitor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="fair_stands",
                to="directory.enterprisepage",
            ),
        ),
    ]
