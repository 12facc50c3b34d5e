"""Tests of setting up an edition: calendar, contests, rules, versions, blueprints."""
