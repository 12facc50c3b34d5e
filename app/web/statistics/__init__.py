"""Statistics: what each part of the product counts, day by day, shown with small numbers hidden."""

from app.web.statistics.measures import Measure, measure

__all__ = ["Measure", "measure"]
