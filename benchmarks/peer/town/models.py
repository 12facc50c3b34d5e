"""News and votes, with as many rows and queries as the modules of Parvis have on the home page."""

from django.db import models


class Article(models.Model):
    """Something the town hall tells."""

    status = models.CharField(max_length=32)
    title = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    body = models.JSONField(default=dict)
    picture = models.CharField(max_length=60, null=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """As in Parvis."""

        indexes = (models.Index(fields=["status", "published_at", "id"]),)


class Edition(models.Model):
    """A vote."""

    slug = models.SlugField(unique=True)
    stage = models.CharField(max_length=32)
    title = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    budget = models.BigIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()


class Project(models.Model):
    """What can be voted for."""

    edition = models.ForeignKey(Edition, models.CASCADE)
    number = models.IntegerField()
    title = models.JSONField(default=dict)
    cost = models.BigIntegerField()


class Turnout(models.Model):
    """How many voted in an hour."""

    edition = models.ForeignKey(Edition, models.CASCADE)
    hour = models.DateTimeField()
    voters = models.IntegerField()


class Setting(models.Model):
    """What a city has set."""

    module = models.CharField(max_length=48, unique=True)
    values = models.JSONField(default=dict)
