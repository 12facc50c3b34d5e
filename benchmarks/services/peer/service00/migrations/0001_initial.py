"""Five tables."""

from django.db import migrations, models


def _table(number: int) -> migrations.CreateModel:
    parent = f"service00.table{max(number - 1, 0)}"
    return migrations.CreateModel(
        f"Table{number}",
        [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
            ("title", models.CharField(max_length=120)),
            ("state", models.CharField(max_length=20)),
            ("body", models.TextField()),
            ("parent", models.ForeignKey(null=True, on_delete=models.CASCADE, to=parent)),
        ],
    )


class Migration(migrations.Migration):
    """The first state."""

    initial = True
    operations = [_table(number) for number in range(5)]
