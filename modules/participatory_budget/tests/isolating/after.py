"""What the isolation suite needs of turnout, realisation, open data and pieces for other sites."""

import io
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from app.core.settings import store
from app.sdk import db, store_image, today
from app.testing.leaks import Filling, Twin
from modules.participatory_budget.models import Edition, News, Project
from modules.participatory_budget.rules.realisation.progress import State
from modules.participatory_budget.rules.statistics.census import Census, Dimension
from modules.participatory_budget.services import editions, open_data
from modules.participatory_budget.services.realisation import boards, money, news
from modules.participatory_budget.services.statistics import arrivals, representativeness

from .ideas import picture


def fill(filling: Filling) -> None:
    """Add what is made in both cities and the values that addresses take."""
    filling.content(followed)
    filling.values("edition_id", "number", "news_id")(news_ids)
    filling.values("slug", "name")(files)
    filling.values("code")(lambda _twin: ["fr"])
    filling.values("slug", "kind")(pieces)
    filling.answers(
        "participatory_budget_admin.spend", day=f"{today():%Y-%m-%d}", what="Stones", amount="7", corrects=""
    )
    filling.answers(
        "participatory_budget_admin.tell_news", **{"title-fr": "Fini", "text-fr": "Tout va bien."}
    )
    filling.answers(
        "participatory_budget_admin.follow_projects", **{"steps-fr": "Travaux", "stale_days": "30"}
    )
    filling.answers("participatory_budget_admin.census", table="age;people\n18-29;5", source="Census")
    filling.review("no text participatory_budget_news.picture", "the name of a file, made from its content")
    for column in ("arrival.*", "turnout_share.*", "census.*"):
        filling.review(
            f"no text participatory_budget_{column}", "codes of groups, the same in both cities on purpose"
        )


def followed(twin: Twin) -> None:
    """Begin the boards of a published edition, and write of one; add up a turnout; keep a census."""
    store("participatory_budget", {"min_turnout_shown": 1})
    edition = db.session.scalars(select(Edition).where(Edition.slug == twin.key("results"))).one()
    boards.begin(edition.id)
    number = boards.boards(edition)[0].project.number
    standing = boards.standing_of(boards.board(edition, number))
    reason = twin.texts("why it waits")
    chosen = boards.Standing(State.PAUSED, reason, twin.text("department"), standing.days)
    boards.change(edition, number, chosen)
    money.spend(edition, number, money.Entry(today(), 100, twin.text("paid for")))
    shown = store_image(io.BytesIO(picture(twin)))
    texts = news.Texts(twin.texts("headline"), twin.texts("what happened"), shown, twin.texts("what is seen"))
    news.publish(edition, number, texts)
    census = Census({Dimension.AGE: {"18-29": 1000}})
    representativeness.keep(edition.id, census, twin.text("source"))
    voting = db.session.scalars(select(Edition).where(Edition.slug == twin.key("voting"))).one()
    arrivals.add_up(voting.id)


def news_ids(_twin: Twin) -> Iterable[tuple[UUID, int, UUID]]:
    """Return all news with their projects."""
    found = select(Project.edition_id, Project.number, News.id).join(Project, Project.id == News.project_id)
    return [(row[0], row[1], row[2]) for row in db.session.execute(found.order_by(News.id))]


def files(_twin: Twin) -> Iterable[tuple[str, str]]:
    """Return every table of open data."""
    return [
        (edition.slug, table.name)
        for edition in editions.public_editions()
        for table in open_data.tables(edition)
    ]


def pieces(_twin: Twin) -> Iterable[tuple[str, str]]:
    """Return every piece for other sites."""
    return [(one.slug, kind) for one in editions.public_editions() for kind in ("projects", "turnout")]
