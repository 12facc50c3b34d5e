"""The list of ideas, one idea, and what is the reader's own."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, asked_page, current_account, is_followed, is_htmx, project_art, render

from ...forms.ideas import CommentForm
from ...models import Edition, Idea
from ...rules.ideas.states import IdeaState
from ...rules.schedule import Part
from ...services import editions
from ...services.ideas import authors, commenting, files, finding, following, history, maps, merging, wording
from ...services.ideas import supporting as supports
from ...services.ideas.rules_of import (
    is_on,
    is_over,
    must_have_ideas,
    rules_of,
    shows_ideas,
    shows_supports,
    span,
)
from ...services.ideas.seeing import by_number, is_author, may_change, mine
from ...services.wording import Names
from ..blueprint import bp
from ..idea_review import on_idea as review_part
from .asked import address, asked, cards, cards_alike
from .guard import stamp
from .signed_in import kept_words, signed_in


@bp.get("/<slug>/ideas")
def ideas(slug: str) -> str:
    """List the ideas of an edition, filtered as asked."""
    edition = edition_with_ideas(slug)
    filters, shows = asked(edition), shows_ideas(edition)
    page = finding.page(edition, filters, asked_page()) if shows else None
    shown = cards(edition, page.items) if page else []
    return render(
        "participatory_budget/public/ideas/list.html",
        edition=edition,
        filters=filters,
        page=page,
        cards=shown,
        art=project_art,
        names=Names(edition),
        map=_map(edition, [one.idea for one in shown]) if shows else None,
        mine=_own(edition),
        **_phases(edition),
    )


@bp.get("/<slug>/ideas/<int:number>")
def idea(slug: str, number: int) -> str:
    """Show one idea: who proposes it, where, what is said to it, where it stands."""
    edition = edition_with_ideas(slug)
    return idea_page(edition, by_number(edition, number), comment=CommentForm(data=kept_words()))


@bp.get("/<slug>/ideas/mine")
@signed_in(".my_ideas")
def my_ideas(account: Account, slug: str) -> ResponseReturnValue:
    """List the reader's ideas and drafts."""
    edition = edition_with_ideas(slug)
    own = mine(edition, account.id)
    return render(
        "participatory_budget/public/ideas/mine.html",
        edition=edition,
        ideas=own,
        states=wording.statuses(own),
        **_phases(edition),
    )


def edition_with_ideas(slug: str) -> Edition:
    """Return an edition that the reader sees and that has ideas; raises NotFound."""
    edition = editions.by_slug(slug)
    must_have_ideas(edition)
    return edition


def idea_page(edition: Edition, shown: Idea, *, comment: CommentForm, problem: str = "") -> str:
    """Return the page of an idea, with the comment that is being written."""
    account = current_account()
    owns = account is not None and is_author(shown, account.id)
    public = shown.state is IdeaState.PUBLISHED and shows_ideas(edition)
    sort = commenting.Sort.OLDEST if _oldest_first() else commenting.Sort.NEWEST
    return render(
        "participatory_budget/public/ideas/idea.html",
        edition=edition,
        idea=shown,
        authors=authors.authors_of([shown])[shown.id],
        status=wording.statuses([shown])[shown.id],
        review=review_part(edition, shown, owns=owns),
        files=files.of(shown),
        history=history.of(shown),
        happening=wording.happening,
        names=Names(edition),
        parts=merging.merged(shown),
        into=_whole(shown),
        alike=_alike(edition, shown) if public else [],
        map=_map(edition, [shown]),
        art=project_art,
        talk=commenting.talk(shown, sort=sort, number=asked_page()) if public else None,
        takes_comments=commenting.takes_comments(edition, shown) and public,
        may_edit_comment=commenting.may_change,
        sort=sort,
        form=comment,
        stamp=stamp(f"comment {shown.id}"),
        problem=problem,
        address=address,
        owns=owns,
        may_change=owns and may_change(edition, shown),
        subject=following.subject(shown),
        followed=public and is_followed(following.subject(shown)),
        **support_facts(edition, shown),
        **_phases(edition),
    )


def support_facts(edition: Edition, shown: Idea) -> dict[str, object]:
    """Return what the support box of an idea says."""
    account = current_account()
    own = supports.supported(edition, account.id) if account is not None else set()
    return {
        "supports": shown.supports if shows_supports(edition) else None,
        "needed": supports.needed_now(edition) if span(edition, Part.SUPPORT) else 0,
        "supported": shown.id in own,
        "left": supports.left(edition, own) if account is not None else rules_of(edition).most_supports,
    }


def _phases(edition: Edition) -> dict[str, object]:
    return {
        "takes_ideas": is_on(edition, Part.IDEAS),
        "takes_supports": is_on(edition, Part.SUPPORT),
        "ideas_span": span(edition, Part.IDEAS),
        "support_span": span(edition, Part.SUPPORT),
        "with_numbers": shows_supports(edition),
        "support_is_over": is_over(edition, Part.SUPPORT),
    }


def _map(edition: Edition, shown: list[Idea]) -> object:
    places = [(one, address(edition, one)) for one in shown]
    here = {
        one.key: url_for("participatory_budget_public.ideas", slug=edition.slug, district=one.key)
        for one in edition.districts
    }
    return maps.ideas_drawn(edition, places, here)


def _alike(edition: Edition, shown: Idea) -> object:
    at = None
    if shown.longitude is not None and shown.latitude is not None:
        at = (shown.longitude, shown.latitude)
    return cards_alike(edition, finding.alike(edition, shown.title, at=at, besides=shown.id)[:3])


def _own(edition: Edition) -> int:
    account = current_account()
    return len(mine(edition, account.id)) if account is not None and not is_htmx() else 0


def _whole(shown: Idea) -> Idea | None:
    return finding.by_id(shown.merged_into) if shown.merged_into is not None else None


def _oldest_first() -> bool:
    return request.args.get("sort") == commenting.Sort.OLDEST
