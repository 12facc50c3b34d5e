"""Participatory budget: residents choose which projects are paid for; staff run the vote and the count."""
