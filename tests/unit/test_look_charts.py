import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from app.web.look.charts import line

names = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
points = st.lists(st.tuples(names, st.integers(0, 10**9)), max_size=40)


@given(points, names)
def test_a_line_chart_is_well_formed_and_has_no_inline_style(drawn, label):
    chart = str(line(drawn, label=label))
    ET.fromstring(chart)
    assert "style=" not in chart
    assert "<script" not in chart


def test_a_line_chart_says_in_words_what_it_shows_and_names_each_point():
    chart = line([("1 May", 4), ("2 May", 1200)], label="Votes per day", show=lambda value: f"{value:,}")
    assert 'role="img" aria-label="Votes per day"' in chart
    assert "<title>2 May: 1,200</title>" in chart


def test_the_axis_ends_on_a_round_number_above_the_highest_point():
    chart = line([("a", 18204), ("b", 3)], label="x")
    assert ">20000<" in chart
    assert ">0<" in chart


def test_names_are_escaped():
    chart = line([("<script>", 1)], label='"><b>')
    assert "<script>" not in chart
    assert "<b>" not in chart


def test_a_chart_without_points_or_votes_still_draws_its_axis():
    assert "chart__grid" in line([], label="x")
    assert "chart__line" in line([("a", 0)], label="x")


def test_few_names_are_written_so_that_they_do_not_touch():
    chart = line([(f"day {day}", day) for day in range(60)], label="x")
    assert chart.count('<text class="chart__text" ') <= 5
