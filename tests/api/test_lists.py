"""Lists in pages: complete, in order, stable while entries come."""

import re

from tests.api.test_tokens import problem


def walk(ours, path):
    found, steps = [], 0
    while path:
        answer = ours.get(path)
        assert answer.status_code == 200, answer.text
        found += [each["id"] for each in answer.json["items"]]
        link = re.fullmatch(r'<(.*)>; rel="next"', answer.headers.get("Link", ""))
        assert (link[1] if link else None) == answer.json["next"]
        path = answer.json["next"]
        path = path.partition(":8000")[2] if path else None
        steps += 1
    return found, steps


def test_all_entries_come_once_and_the_newest_first(program, write):
    written = [write(f"Article {number}") for number in range(5)]
    found, steps = walk(program(), "news/articles?limit=2")
    assert found == written[::-1]
    assert steps == 3


def test_what_is_written_meanwhile_moves_nothing(program, write):
    written = [write(f"Article {number}") for number in range(4)]
    ours = program()
    first = ours.get("news/articles?limit=2").json
    write("Later")
    second = ours.get(first["next"].partition(":8000")[2]).json
    assert [a["id"] for a in (*first["items"], *second["items"])] == written[::-1]
    assert second["next"] is None


def test_a_cursor_is_worth_nothing_elsewhere(program, write):
    for slug in ("paris", "budapest"):
        for number in range(3):
            write(f"Article {number}", slug=slug)
    ours = program("all")
    cursor = ours.get("news/articles?limit=1").json["next"].partition("cursor=")[2]
    assert ours.get(f"news/articles?cursor={cursor}").status_code == 200
    problem(program(slug="budapest").get(f"news/articles?cursor={cursor}"), 404)
    problem(ours.get(f"audit?cursor={cursor}"), 404)
    problem(ours.get(f"news/articles?cursor={cursor[:-4]}AAAA"), 404)
    problem(ours.get("news/articles?cursor=é"), 404)


def test_a_list_takes_as_many_queries_for_many_entries_as_for_one(program, write, count_queries):
    ours = program()
    write("One")
    ours.get("news/articles")
    with count_queries() as few:
        ours.get("news/articles")
    for number in range(5):
        write(f"Article {number}")
    with count_queries() as many:
        assert len(ours.get("news/articles").json["items"]) == 6
    assert len(many) == len(few)
