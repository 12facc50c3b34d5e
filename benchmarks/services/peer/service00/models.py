"""Five tables, each with rows that belong to a row of the one before."""

from django.db import models


class Line(models.Model):
    """What all five have."""

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=20)
    body = models.TextField()

    class Meta:
        """No table of its own."""

        abstract = True


class Table0(Line):
    """Rows that are listed."""

    parent = models.ForeignKey("self", models.CASCADE, null=True)


class Table1(Line):
    """Rows that belong to what is listed."""

    parent = models.ForeignKey(Table0, models.CASCADE, null=True)


class Table2(Line):
    """Rows found by their key."""

    parent = models.ForeignKey(Table1, models.CASCADE, null=True)


class Table3(Line):
    """Rows found by their key."""

    parent = models.ForeignKey(Table2, models.CASCADE, null=True)


class Table4(Line):
    """Rows of which the newest is shown."""

    parent = models.ForeignKey(Table3, models.CASCADE, null=True)
