"""Coming in: the link for new operators, then password and code together; a wrong guess never tells which was wrong."""

from sqlalchemy import select

from app.accounts import codes, matching, passwords
from app.accounts.codes import Owner
from app.accounts.operators import people, sessions
from app.core.clock import now
from app.core.db import db
from app.core.errors import Invalid, NotFound
from app.core.i18n import gettext as _
from app.core.ids import secret_hash
from app.core.jobs import enqueue, task
from tenants.journal import note
from tenants.models import Operator, OperatorSession


def invited(secret: str) -> Operator:
    """Return whom a link was made for, locked; raises NotFound for one that is used, over or never was."""
    found = select(Operator).where(Operator.invite_hash == secret_hash(secret)).with_for_update()
    operator = db.session.scalar(found)
    over = operator is None or operator.invite_expires_at is None or operator.invite_expires_at < now()
    if operator is None or over or operator.disabled_at is not None:
        raise NotFound(_("This link no longer works. Ask whoever sent it to you for a new one."))
    return operator


def choose_password(operator: Operator, password: str) -> None:
    """Give an invited operator a password and a secret for codes that nobody has seen; raises Invalid for a weak one."""
    passwords.check_strength(password, operator.email, operator.name, "parvis")
    operator.password_hash = passwords.hash_password(password)
    operator.totp_secret = codes.seal(Owner.OPERATOR, operator.id, codes.new_secret())
    operator.totp_step = 0


def change_password(held: OperatorSession, password: str) -> None:
    """Give an operator another password and end the other sessions; raises Invalid for a weak one."""
    operator = held.operator
    passwords.check_strength(password, operator.email, operator.name, "parvis")
    operator.password_hash = passwords.hash_password(password)
    sessions.end_all(operator.id, but=held)
    note("operators.password_changed")


def secret_to_show(operator: Operator) -> str:
    """Return the secret that an invited operator's app has to take in; raises NotFound before the password is chosen."""
    secret = codes.unseal(Owner.OPERATOR, operator.id, operator.totp_secret)
    if secret is None or operator.totp_step:
        raise NotFound(_("Choose a password first."))
    return secret


def confirm(operator: Operator, code: str, language: str) -> list[str]:
    """Take the first code, end the link and return the recovery codes; raises Invalid for a wrong code."""
    step = codes.matching_step(secret_to_show(operator), codes.plain(code), now(), after=0)
    if step is None:
        raise Invalid(
            _("This code is not right. Wait for the next one, and see that the clock of your phone is right.")
        )
    operator.totp_step, operator.language = step, language
    operator.invite_hash = operator.invite_expires_at = None
    note("operators.joined")
    return renew_recovery_codes(operator)


def renew_recovery_codes(operator: Operator) -> list[str]:
    """Return ten new recovery codes; those there were work no more."""
    fresh = codes.new_recovery_codes()
    operator.recovery_hashes = [codes.recovery_hash(Owner.OPERATOR, operator.id, code) for code in fresh]
    note("operators.recovery_codes_made")
    return fresh


def check(email: str, password: str, code: str) -> Operator | None:
    """Return the operator when all three fit, the code used up; else None, after the same time and with the same words."""
    operator = people.find(email, lock=True)
    known = operator is not None and people.is_enrolled(operator)
    right_password = passwords.matches(operator.password_hash if operator and known else None, password)
    used = matching.find(Owner.OPERATOR, operator if known else None, code)
    if operator is None or not known or not right_password or used is None:
        enqueue("platform.note_refusal", who=secret_hash(email.strip().lower()), password=int(right_password))
        return None
    _use(operator, used)
    return operator


def prove(held: OperatorSession, code: str) -> bool:
    """Take a fresh code in a session; the fifth wrong one in a row ends it. The caller keeps the transaction."""
    operator = people.locked(held.operator_id)
    used = matching.find(Owner.OPERATOR, operator, code)
    if used is not None:
        _use(operator, used)
        held.proved_at, held.wrong_codes = now(), 0
        return True
    held.wrong_codes += 1
    note("operators.code_refused")
    if held.wrong_codes >= sessions.MOST_WRONG_CODES:
        sessions.end(held)
    return False


@task("platform.note_refusal", of_platform=True)
def note_refusal(who: str, password: int) -> None:
    """Write down a sign-in that was refused, if it was for somebody who is an operator."""
    for operator in people.everybody():
        if secret_hash(operator.email) == who:
            note("operators.sign_in_refused", operator=str(operator.id), right_password=bool(password))


def _use(operator: Operator, used: matching.Used) -> None:
    if not matching.use(operator, used):
        note("operators.recovery_code_used", operator=str(operator.id), left=len(operator.recovery_hashes))
