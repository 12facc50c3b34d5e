"""What residents can find: the fillings of the modules are entered as they are written."""

from app.testing.leaks.platform.owner import filling

filling.review("no text search_entry.subject", "ids of what is found")
filling.review("no text search_entry.url", "addresses made of ids")
filling.review("no text statistic.dimension", "codes that modules count by, never words of people")
filling.review("no rows statistic", "filled by the task of the night, which the suite runs")
