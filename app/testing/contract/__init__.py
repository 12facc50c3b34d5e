"""What every module must do, ours or another city's: one function for each question.

Each takes the application and the module, and raises AssertionError with a sentence that says what is wrong.
A package's own tests ask them all:

    @pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
    def test_the_module_keeps_the_contract(app, question):
        question(app, modules()["lost_found"])
"""

from collections.abc import Callable

from flask import Flask

from app.registry import Module
from app.testing.contract import code, doors, files, histories, manifest, notices, tables, tasks

Question = Callable[[Flask, Module], None]

QUESTIONS: tuple[Question, ...] = (
    manifest.manifest_is_complete,
    manifest.settings_can_be_shown,
    manifest.works_with_this_platform,
    manifest.acts_have_words,
    manifest.addresses_are_its_own,
    files.has_what_every_module_has,
    files.speaks_every_language,
    files.pages_extend_a_base,
    notices.notices_have_a_topic_and_words,
    notices.only_declared_kinds_are_told,
    code.permissions_are_declared,
    code.settings_are_declared,
    doors.front_pages_open,
    doors.staff_pages_are_for_staff,
    doors.changes_by_staff_need_a_permission,
    doors.off_means_absent_in_that_city_only,
    tasks.tasks_do_nothing_while_off,
    tables.tables_are_its_own_and_have_keys,
    tables.models_match_migrations,
    tables.personal_tables_are_declared,
    tables.words_say_whether_they_are_personal,
    tables.switching_off_keeps_everything,
    histories.migrations_are_safe,
)

__all__ = ["QUESTIONS", "Question"]
