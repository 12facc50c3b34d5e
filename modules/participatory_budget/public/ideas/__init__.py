"""Pages about ideas: lists, one idea, writing one, comments, support, feeds."""

from . import authors as authors
from . import comments as comments
from . import feeds as feeds
from . import on_edition as on_edition
from . import pages as pages
from . import supports as supports
from . import wizard as wizard
from . import wizard_steps as wizard_steps
