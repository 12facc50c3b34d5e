"""Staff follow the projects that won until they are done."""

from . import lists, project

__all__ = ["lists", "project"]
