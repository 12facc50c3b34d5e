"""Pages for staff: write, look, publish, withdraw, delete."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import (
    LANGUAGES,
    Conflict,
    NotFound,
    _,
    admin_blueprint,
    asked_page,
    force_locale,
    language,
    offered,
    render,
    requires,
)

from . import services
from .forms import ArticleForm
from .models import Article
from .rules import Status, differences, may_publish, may_withdraw

bp = admin_blueprint(__name__)


@bp.get("/")
@requires("news.view")
def index() -> str:
    """List the articles, one tab for each status."""
    asked = request.args.get("status", "")
    status = Status(asked) if asked in set(Status) else None
    return render(
        "news/staff_list.html",
        page=services.staff_page(status, asked_page()),
        chosen=status,
        counts=services.counts(),
    )


@bp.get("/<uuid:article_id>")
@requires("news.view")
def article(article_id: UUID) -> str:
    """Show an article as residents see it, or will see it, in one of the city's languages."""
    found = services.article_of(article_id)
    asked = request.args.get("text", "")
    code = asked if asked in offered() else language()
    return render(
        "news/staff_article.html",
        article=found,
        preview=_preview(found, code),
        code=code,
        names=LANGUAGES,
        may_publish=may_publish(found.status),
        may_withdraw=may_withdraw(found.status),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("news.manage")
def new() -> ResponseReturnValue:
    """Write a new article."""
    form = ArticleForm()
    if not form.sent() or form.preview.data:
        return _form_page(form)
    created = services.create(form.draft())
    flash(_("The article is saved as a draft. Residents do not see it yet."), "ok")
    return _to(created)


@bp.route("/<uuid:article_id>/edit", methods=["GET", "POST"])
@requires("news.manage")
def edit(article_id: UUID) -> ResponseReturnValue:
    """Change the texts and the picture of an article."""
    try:
        saved = services.article_of(article_id)
    except NotFound:
        if request.method != "POST":
            raise
        return _form_of_the_deleted()
    form = ArticleForm.of(saved.draft, saved.version)
    if not form.sent() or form.preview.data:
        return _form_page(form, saved)
    try:
        services.change(saved.id, form.draft(), version=form.version.data or 0)
    except Conflict as conflict:
        return _form_page(form, saved, conflict=str(conflict))
    flash(_saved_sentence(saved), "ok")
    return _to(saved)


@bp.post("/<uuid:article_id>/publish")
@requires("news.manage")
def publish(article_id: UUID) -> ResponseReturnValue:
    """Let residents read the article."""
    published = services.publish(article_id)
    flash(_("The article is published. Residents can read it now."), "ok")
    return _to(published)


@bp.post("/<uuid:article_id>/withdraw")
@requires("news.manage")
def withdraw(article_id: UUID) -> ResponseReturnValue:
    """Take the article away from residents."""
    withdrawn = services.withdraw(article_id)
    flash(_("The article is withdrawn. Residents no longer see it."), "ok")
    return _to(withdrawn)


@bp.route("/<uuid:article_id>/delete", methods=["GET", "POST"])
@requires("news.manage")
def delete(article_id: UUID) -> ResponseReturnValue:
    """Ask, then delete the article."""
    if request.method != "POST":
        return render("news/staff_delete.html", article=services.article_of(article_id))
    services.delete(article_id)
    flash(_("The article is deleted."), "ok")
    return redirect(url_for(".index"), 303)


def _to(article: Article) -> ResponseReturnValue:
    return redirect(url_for(".article", article_id=article.id), 303)


def _saved_sentence(article: Article) -> str:
    if article.status is Status.PUBLISHED:
        return _("The article is saved. Residents read the new text now.")
    return _("The article is saved. Residents do not see it.")


def _form_page(form: ArticleForm, saved: Article | None = None, *, conflict: str = "") -> ResponseReturnValue:
    """Show the form with everything that was typed; after a conflict the next save goes through."""
    if conflict and saved is not None:
        form.version.data = saved.version
    page = render(
        "news/staff_form.html",
        form=form,
        article=saved,
        picture=form.shown_picture,
        preview=_preview(services.sketch(form.draft()), language()) if form.may_be_previewed else None,
        conflict=conflict,
        differences=differences(saved.draft, form.draft()) if conflict and saved is not None else [],
        names=LANGUAGES,
    )
    return page, 409 if conflict else form.status


def _form_of_the_deleted() -> ResponseReturnValue:
    """Keep what was typed for an article that is gone: it can be saved as a new one."""
    form = ArticleForm()
    form.sent()
    return _form_page(form, conflict=_("Somebody has deleted this article while you were writing."))


def _preview(article: Article, code: str) -> Markup:
    with force_locale(code):
        return Markup(render("news/preview.html", article=article))  # noqa: S704  a rendered template
