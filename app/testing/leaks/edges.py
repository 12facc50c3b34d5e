"""What leaves the application at its edges: cookies, what caches may keep, and the keys in Redis."""

from collections import defaultdict
from collections.abc import Iterable

from app.testing.leaks.filling import PLATFORM, Filling
from app.testing.leaks.keeping import Keeper
from app.testing.leaks.report import Report, Seen
from app.testing.leaks.routes import where
from app.testing.leaks.twins import Twins

SHARED = ("public", "s-maxage")
PRIVATE = ("private", "no-store", "no-cache")


def check_cookies(report: Report) -> None:
    """Complain of a cookie that other hosts get as well."""
    for seen in report.seen:
        for line in seen.header("Set-Cookie"):
            if "domain=" in line.lower():
                name = line.partition("=")[0]
                report.complain(
                    f"{seen.method} {seen.path} ({seen.endpoint}) sets the cookie {name} with a Domain: other cities"
                    " get it, too; leave the Domain out."
                )


def check_caching(report: Report) -> None:
    """Complain of answers that a cache between us and the reader could give to somebody else."""
    _check_shared(report)
    _check_personal(report)
    _check_tags(report)


def check_redis(twins: Twins, keeper: Keeper, report: Report) -> None:
    """Complain of every key that names no city and has no reason not to."""
    prefix = twins.app.config["PARVIS"].key_prefix
    for key in sorted(keeper.redis_keys):
        name = key.removeprefix(prefix)
        subject = f"redis {name}"
        if any(city in name for city in keeper.cities) or _has_reason(twins.fillings, subject):
            continue
        report.complain(
            f"the Redis key {name} names no city: put the city's id into it, or write"
            f' review("redis …", why) into {where(PLATFORM)}.'
        )


def _check_shared(report: Report) -> None:
    """What caches may share must be the same for everybody, and bring no cookie."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for seen in _that_are(report, SHARED):
        bodies[f"{seen.endpoint} at {seen.host}{seen.path}"].add(seen.digest)
        if seen.header("Set-Cookie") and "Cookie" not in " ".join(seen.header("Vary")):
            report.complain(f"{seen.path} ({seen.endpoint}) may be kept by shared caches and sets a cookie.")
    for what, different in bodies.items():
        if len(different) > 1:
            report.complain(f"{what} may be kept by shared caches and is not the same for everybody.")


def _check_personal(report: Report) -> None:
    """A page for somebody who is signed in must say that it is not for others."""
    for seen in report.seen:
        signed_in = not seen.who.startswith(("visitor", "a visitor"))
        if seen.status != 200 or not signed_in or not seen.own:
            continue
        control, vary = " ".join(seen.header("Cache-Control")), " ".join(seen.header("Vary"))
        if "Cookie" not in vary and not any(word in control for word in (*PRIVATE, *SHARED)):
            report.complain(
                f"{seen.path} ({seen.endpoint}) is shown to {seen.who} without `Vary: Cookie` and without"
                " `Cache-Control: private`."
            )


def _check_tags(report: Report) -> None:
    """One tag for two bodies would let a city's reader go on seeing another city's page."""
    theirs = {(seen.path, tag): seen.digest for seen in report.theirs for tag in seen.header("ETag")}
    for seen in report.seen:
        for tag in seen.header("ETag"):
            if seen.status == 200 and theirs.get((seen.path, tag), seen.digest) != seen.digest:
                report.complain(
                    f"{seen.path} ({seen.endpoint}) has the same ETag in two cities for two answers."
                )


def _that_are(report: Report, words: Iterable[str]) -> list[Seen]:
    wanted = tuple(words)
    return [
        seen
        for seen in report.seen
        if seen.status == 200 and any(word in " ".join(seen.header("Cache-Control")) for word in wanted)
    ]


def _has_reason(fillings: dict[str, Filling], subject: str) -> bool:
    return any(filling.is_reviewed(subject) for filling in fillings.values())
