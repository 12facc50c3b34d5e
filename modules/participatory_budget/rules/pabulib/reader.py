"""Reading a `.pb` file from beginning to end, one ballot at a time."""

from .errors import PbCode
from .meta import read_meta
from .parts import PbFile, PbHeader
from .projects import read_projects
from .rows import LineSource, Rows
from .sections import begin
from .votes import Ballots


def read(stream: LineSource, *, minor_digits: int = 2, allow_repeats: bool = False) -> PbFile:
    """Return the header and the ballots of an open binary file; the first error ends it as a PbError.

    Everything the header announces is checked: the number of projects here, the number of ballots and the
    votes of every project after the last ballot. A ballot that names a project twice is an error. Official
    files hold a few such ballots and count every mention; `allow_repeats` lets them pass as written.
    """
    rows = Rows(stream)
    begin(rows)
    meta = read_meta(rows, minor_digits)
    projects = read_projects(rows, minor_digits)
    if meta.num_projects != len(projects.projects):
        code = PbCode.NUM_PROJECTS_MISMATCH
        raise meta.error("num_projects", code, declared=meta.num_projects, counted=len(projects.projects))
    header = PbHeader(
        budget=meta.budget,
        num_votes=meta.num_votes,
        projects=projects.projects,
        vote_type=meta.vote_type,
        begins=meta.begins,
        ends=meta.ends,
        min_choices=meta.min_choices,
        max_choices=meta.max_choices,
        meta=meta.others,
    )
    return PbFile(header, Ballots(rows, meta, projects, allow_repeats=allow_repeats).read())
