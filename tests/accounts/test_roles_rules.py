from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import Role
from app.accounts.permissions import Permitted
from app.accounts.roles_rules import NOWHERE, Held, is_within, reach

EDIT = Permitted("forms.edit", "Edit", frozenset({Role.EDITOR, Role.ADMINISTRATOR}), by_district=True)
CLOSE = Permitted("forms.close", "Close", frozenset({Role.ADMINISTRATOR}))
VIEW = Permitted("console.view", "View", frozenset(Role))

limits = st.none() | st.frozensets(st.sampled_from(["10", "11", "12"]), min_size=1)
held = st.builds(
    Held,
    preset=st.none() | st.sampled_from([Role.VIEWER, Role.EDITOR, Role.ADMINISTRATOR]),
    permissions=st.frozensets(st.sampled_from(["forms.edit", "forms.close", "news.edit"])),
    modules=st.none() | st.frozensets(st.sampled_from(["forms", "news"]), min_size=1),
    districts=limits,
)


def test_a_role_without_limits_reaches_the_whole_city():
    assert reach([Held(Role.EDITOR)], EDIT) is None
    assert reach([Held(Role.EDITOR)], CLOSE) == NOWHERE


def test_a_limit_to_other_modules_leaves_nothing():
    assert reach([Held(Role.ADMINISTRATOR, modules=frozenset({"news"}))], EDIT) == NOWHERE
    assert reach([Held(Role.ADMINISTRATOR, modules=frozenset({"forms"}))], CLOSE) is None


def test_districts_of_several_roles_add_up():
    some = [Held(Role.EDITOR, districts=frozenset({"10"})), Held(Role.EDITOR, districts=frozenset({"12"}))]
    assert reach(some, EDIT) == {"10", "12"}
    assert is_within(reach(some, EDIT), "12")
    assert not is_within(reach(some, EDIT), "11")
    assert is_within(reach(some, EDIT), None)


def test_what_is_not_sorted_by_district_is_closed_to_roles_of_some_districts():
    assert reach([Held(Role.ADMINISTRATOR, districts=frozenset({"10"}))], CLOSE) == NOWHERE


def test_a_role_of_the_city_has_what_was_ticked_alone():
    own = Held(permissions=frozenset({"forms.edit"}))
    assert reach([own], EDIT) is None
    assert reach([own], CLOSE) == NOWHERE
    assert own.opens("forms", [EDIT, CLOSE])
    assert not own.opens("news", [])


@given(st.lists(held, max_size=4), held)
def test_one_more_role_never_takes_anything_away(some, more):
    before, after = reach(some, EDIT), reach([*some, more], EDIT)
    assert after is None or (before is not None and before <= after)


@given(st.lists(held, min_size=1, max_size=4))
def test_whoever_works_here_sees_the_back_office_and_pages_of_a_module_only_with_something_to_do(some):
    assert reach(some, VIEW) is None
    for permission in (EDIT, CLOSE):
        if reach(some, permission) != NOWHERE:
            assert any(one.opens("forms", [EDIT, CLOSE]) for one in some)


@given(st.lists(held, max_size=3), st.sampled_from(["10", "11", "12", "99"]))
def test_a_reach_into_a_district_is_a_reach_at_all(some, district):
    if is_within(reach(some, EDIT), district):
        assert is_within(reach(some, EDIT), None)
