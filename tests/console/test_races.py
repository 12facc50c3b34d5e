import threading

from app.accounts import services, staffing
from app.accounts.models import Role


def at_once(*calls):
    """Start every call at the same moment and return what they returned."""
    ready, answers = threading.Barrier(len(calls)), {}

    def run(number, call):
        ready.wait()
        answers[number] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(calls))]


def test_of_administrators_who_press_a_switch_at_once_one_is_first(english, switch):
    people = [english(role="administrator", email=f"p{n}@paris.example") for n in range(4)]
    answers = at_once(
        *(lambda person=person: switch(person, "news", on=False).status_code for person in people)
    )
    assert sorted(answers) == [303, 409, 409, 409]
    assert people[0].get("/admin/audit").text.count("Turned off a module</td>") == 1


def test_two_administrators_cannot_remove_each_other_at_once(english, in_city):
    people = [english(role="administrator", email=f"p{n}@paris.example") for n in range(2)]
    with in_city("paris"):
        ids = [services.find(f"p{n}@paris.example").id for n in range(2)]
    at_once(
        *(
            lambda a=a, b=b: people[a].post(f"/admin/staff/{ids[b]}/remove").status_code
            for a, b in ((0, 1), (1, 0))
        )
    )
    with in_city("paris"):
        assert [p.role for p in staffing.staff()] == [Role.ADMINISTRATOR]
