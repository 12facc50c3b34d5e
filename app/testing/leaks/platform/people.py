"""People of the two cities: accounts, invitations, links that were mailed, mails that wait."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.accounts import asking, roles_own, services, staffing
from app.accounts.models import Account, AccountLink, AccountRequest, Purpose, Role, Wish
from app.accounts.roles_models import StaffGrant
from app.core.clock import now, today
from app.core.db import db
from app.core.ids import new_id
from app.notify.mail import CityMail
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling

LATE = timedelta(minutes=20)


@filling.content
def accounts(twin: Twin) -> None:
    """Enter one person of each role; those that browsers are signed in as later."""
    for role in Role:
        services.create_confirmed(
            twin.email(role.value), twin.text(role.value), role=role, language=twin.language
        )


@filling.content
def invitations(twin: Twin) -> None:
    """Invite somebody who has not come in yet, and have somebody sign up."""
    staffing.invite(twin.email("invited"), Role.EDITOR)
    asking.register(twin.email("newcomer"), twin.text("newcomer"), "Brouette-17-mauve-lanterne", back="/")


@filling.content
def roles(twin: Twin) -> None:
    """Make a role of the city and give it, and a built-in one with limits, to somebody; one of them is over."""
    role = roles_own.make_role(twin.texts(twin.key("role")), ["news.view"])
    colleague = services.create_confirmed(
        twin.email("limited"), twin.text("limited"), role=Role.RESIDENT, language=twin.language
    )
    db.session.flush()
    staffing.set_roles(
        colleague.id,
        [
            staffing.Given(role_id=role.id),
            staffing.Given(Role.EDITOR, modules=("news",)),
            staffing.Given(Role.VIEWER, districts=(twin.key("11"),), ends_on=today()),
        ],
    )


@filling.values("role_id")
def own_roles(_twin: Twin) -> Iterable[UUID]:
    """Return the roles that the city has made."""
    return [role.id for role in roles_own.own_roles()]


@filling.values("person_id", "grant")
def grants(_twin: Twin) -> Iterable[tuple[UUID, str]]:
    """Return what people hold, with the people."""
    found = db.session.execute(select(StaffGrant.account_id, StaffGrant.id).order_by(StaffGrant.id))
    return [(row.account_id, str(row.id)) for row in found]


@filling.content
def links(twin: Twin) -> None:
    """Make links of each purpose that still work, and requests and mails that nobody has seen to yet."""
    for purpose in Purpose:
        account = services.create_confirmed(
            twin.email(f"link-{purpose.value}"),
            twin.text(purpose.value),
            role=Role.VIEWER,
            language=twin.language,
        )
        db.session.flush()
        twin.keep("arrive" if purpose is Purpose.ARRIVE else "link", services.new_link(account, purpose))
    changes = update(AccountLink).where(AccountLink.purpose == Purpose.EMAIL)
    db.session.execute(changes.values(new_email=twin.email("new")))
    db.session.add(
        AccountRequest(
            id=new_id(),
            wish=Wish.SIGN_IN,
            email=twin.email("resident"),
            name=twin.text("asks"),
            language=twin.language,
            back=f"/?{twin.mark}",
            created_at=now(),
        )
    )
    db.session.add(
        CityMail(
            id=new_id(),
            recipient=twin.email("waits"),
            language=twin.language,
            subject=twin.text("subject"),
            text=twin.text("text"),
            html=twin.text("html"),
            created_at=now() - LATE,
        )
    )
    twin.in_session["_asked"] = [twin.email("asks"), Wish.SIGN_IN.value]


@filling.values("person_id")
def people(_twin: Twin) -> Iterable[UUID]:
    """Return the staff; those that the browsers of the suite are not signed in as first."""
    staff = select(Account.id).where(Account.role != Role.RESIDENT)
    return db.session.scalars(staff.order_by(Account.confirmed_at.is_not(None), Account.id.desc())).all()


@filling.values("secret", of="portal_sign_in.follow")
def link_secrets(twin: Twin) -> Iterable[str]:
    """Return the secrets of links that were mailed."""
    return twin.kept["link"]


@filling.values("secret", of="arrival.arrive")
def arrival_secrets(twin: Twin) -> Iterable[str]:
    """Return the secrets with which the platform's own site leads somebody in."""
    return twin.kept["arrive"]


@filling.values("mail_id", of="mail.deliver")
@filling.values("mail_id", of="mail.deliver_soon")
@filling.values("mail_id", of="mail.deliver_bulk")
def city_mails(_twin: Twin) -> Iterable[UUID]:
    """Return the mails that wait."""
    return db.session.scalars(select(CityMail.id).where(CityMail.sent_at.is_(None))).all()


@filling.values("request_id")
def requests(_twin: Twin) -> Iterable[UUID]:
    """Return what people asked for and nobody has answered."""
    waiting = select(AccountRequest.id).where(AccountRequest.answered_at.is_(None))
    return db.session.scalars(waiting).all()


filling.answers("console.access", address="/admin/news/")
filling.answers("console.delete_role", holders="1")
filling.answers("console.new_role", permissions="news.view")
filling.answers("console.own_role", permissions="news.manage", confirmed="1")
filling.review("no text staff_role.permissions", "names that modules give")
filling.review("no text staff_grant.modules", "names of modules")
filling.review("no text staff_grant.districts", "short codes, which two cities may have in common")
filling.arrives_with("arrival.arrive", {"Sec-Fetch-Site": "same-site"})
for _column in ("account.password_hash", "account_request.password_hash", "account_*.secret_hash"):
    filling.review(f"no text {_column}", "a hash")
for _column in ("action", "subject", "actor_id"):
    filling.review(f"no text audit_entry.{_column}", "a name or an id that the code gives")
