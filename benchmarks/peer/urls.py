"""The pages that are measured."""

from importlib import import_module

from django.urls import path

from benchmarks.peer.town.views import home
from benchmarks.services import NAMES

views = import_module(f"{NAMES[0]}.views")
urlpatterns = [
    path("", home),
    path(f"{NAMES[0]}/one", views.one),
    path(f"{NAMES[0]}/eight", views.eight),
    path(f"{NAMES[0]}/eight.txt", views.eight_bare),
]
