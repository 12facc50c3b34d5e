"""All that a module may import from the platform; changes here follow semantic versioning.

Texts: `_`, `_l`, `ngettext`, `Localized`, `LocalizedText`, `picked`, `Picked`, `markdown`.
Languages: `LANGUAGES`, `language`, `offered`, `force_locale`.
The city: `City`, `current_city`; `inside` enters one from the shell.
Data: `db`, `CityModel`, `new_id`, `settings`, `audit`, `store_image`, `image_size`, `paged`, `Page`;
files: `serves` with `ANYTHING`, `DOCUMENTS`, `PICTURES`, `TABLES`, `UploadField`, `Upload`, `store_upload`,
`attach_upload`, `shown_upload`, `read_upload`, `forget_upload`, `signed_link`;
for pages that very many read `Query`, `rows`, `together`; `UNSEEN` begins a statement that changes none of them.
Personal data (docs/privacy.md): `holds` with a `Holding`, its `Basis`, `Record`, `Stays`.
Exports and copies: `Personal`, `personal`, `impersonal`, `in_unit`, `left_out`, `not_copied`, `bound_to_key`.
Deleted rows on disk: `vacuum`.
Secrets: `new_secret`, `secret_hash`, `keyed_hash`; `seal_secret`, `unseal_secret` for what must be read again.
Time and money: `now`, `today`, `local`, `from_local`, `format_money`, `parse_money`, `minor_digits`, `from_major`,
`to_major`.
Work: `task`, `Lane`, `enqueue`, `send_mail`.
Telling people: `notify`, to an account or to an `audience` like `subscribers` and `followers`; `followable`, `Thing`,
`follow`, `is_followed`, `move_followers`, `share_followers` (docs/notifications.md).
Pages: `public_blueprint`, `admin_blueprint`, `requires`, `render`, `is_htmx`, `home_section`, `live_content`, `asked_page`,
`limit`, `fresh` for dangerous acts, and the filters `money`, `number`, `percent`, `date_and_time`. Drawings: `project_art`,
`line_chart`, `district_map` with a `Pin` for each place. Spreadsheets: `BYTE_ORDER_MARK`, `csv_lines`.
Forms: `Form`, `PictureForm`, `given`, `required`, `at_most`, `LocalizedField`, `in_first_language`.
People: `current_account`, `Account`, `Role`, `sign_in_required`, `may`, `districts_for`.
Who may (docs/verification.md): rules `Eligibility` of `OneOf` and `Aged` at a `Level`; `eligible` gives a `Verdict`,
`eligibility_reasons` its words; `judge` gives one for any `Statement`s; `proven_value`, `proven_values`;
`describe_eligibility`, `read_eligibility`,
`write_eligibility`, `ELIGIBILITY_SCHEMA`, `WrongRule`, `unknown_in`, and the editor `EligibilityForm`.
Persons without an account: `attribute_kinds`, `AttributeKind`, `AttributeType`; `list_in_use`,
`find_on_list` gives who is `OnList` for what was typed by `PersonField`, `identity` brings that to one form, `lines_of`
an account; `clean_email`, `mobile_number`, `is_of_the_country`, `phone_of`, `offers_sms`, `send_sms`.
Acting for others: `current_subject`, `acting_for`, `Subject`, `for_others` with an `Area`.
Districts of the city: `districts`, `district_names`, `uses_districts`.
Requests of residents: `requests_of`, `request_by_reference`, `CityRequest`, `RequestStatus`, `is_shown_to_guest`.
Work of staff: `work_queue`, `WorkItem`, `WorkCount`, `next_item`, `looking_at`, `look_away`, `looked_at`, `Looker`.
Statistics: `measure`; `hide_small` gives `ShownNumbers`.
Search: `searchable` with `Findable` and `Only`; within one kind `found_subjects`, and `found_alike` for what is about the
same.
Programs: `rest_blueprint`, `endpoint`, `Answer`, `Sent`, `Paging`, `Listing`, `listing`, `listed`, `Made`, `unchanged`,
`has_scope`, `need_scope`, and the types `Texts`, `Language`, `Instant`, `Money`, `words`; `event` and `emit` for webhooks.
Errors: `ServiceError` and its kinds `Conflict`, `Forbidden`, `Invalid`, `NotFound`, `TooLarge`, `TooMany`.
`VERSION` is what the `platform` line of a manifest is compared with.
"""

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.accounts import Account, Role, current_account, districts_for, may, sign_in_required
from app.accounts.attributes.documents import SCHEMA as ELIGIBILITY_SCHEMA
from app.accounts.attributes.documents import WrongRule
from app.accounts.attributes.documents import read as read_eligibility
from app.accounts.attributes.documents import write as write_eligibility
from app.accounts.attributes.kinds import Kind as AttributeKind
from app.accounts.attributes.kinds import Type as AttributeType
from app.accounts.attributes.kinds import kinds as attribute_kinds
from app.accounts.attributes.rules import Aged, Eligibility, Level, OneOf, Statement, Verdict, judge
from app.accounts.attributes.services import eligible, proven_value, proven_values, unknown_in
from app.accounts.attributes.wording import describe as describe_eligibility
from app.accounts.attributes.wording import reasons as eligibility_reasons
from app.accounts.households.acting import Subject, acting_for, current_subject, for_others
from app.accounts.households.rules import Area
from app.accounts.rolls.looking_up import OnList, find_on_list, identity, lines_of, list_in_use
from app.accounts.rolls.normal import Field as PersonField
from app.accounts.services import clean_email
from app.accounts.stepping_up import fresh
from app.core.audit import audit
from app.core.changes import UNSEEN
from app.core.clock import from_local, local, now, today
from app.core.context import City, current_city
from app.core.db import CityModel, db
from app.core.districts import district_names, districts, uses_districts
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError, TooLarge, TooMany
from app.core.events import emit, event
from app.core.exporting import (
    Personal,
    bound_to_key,
    impersonal,
    in_unit,
    left_out,
    not_copied,
    personal,
)
from app.core.i18n import LANGUAGES, language, ngettext, offered
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash, new_id, new_secret, secret_hash
from app.core.jobs import Lane, enqueue, task
from app.core.money import format_money, from_major, minor_digits, parse_money, to_major
from app.core.people import Basis, Holding, Record, Stays, holds
from app.core.reading import Query, rows, together
from app.core.sealing import seal as seal_secret
from app.core.sealing import unseal as unseal_secret
from app.core.text import Localized, LocalizedText, Picked
from app.notify.audiences import Accounts, Audience, audience, followers, subscribers
from app.notify.following import Thing, follow, followable, move_followers, share_followers
from app.notify.mail import send_mail
from app.notify.telling import notify
from app.notify.texting import is_of_the_country, mobile_number, offers_sms, phone_of, send_sms
from app.services.files import (
    ANYTHING,
    DOCUMENTS,
    PICTURES,
    TABLES,
    Upload,
    attach_upload,
    forget_upload,
    image_size,
    read_upload,
    serves,
    shown_upload,
    signed_link,
    store_image,
    store_upload,
)
from app.web.eligibility import EligibilityForm
from app.web.filters import date_and_time, money, number, percent, picked
from app.web.following import is_followed
from app.web.forms import Form, at_most, given, required
from app.web.gates import admin_blueprint, public_blueprint, requires
from app.web.limits import limit
from app.web.localized import LocalizedField, in_first_language
from app.web.look.charts import line as line_chart
from app.web.look.district_map import Pin, district_map
from app.web.look.project_art import project_art
from app.web.looking import Looker, look_away, looked_at, looking_at
from app.web.markdown import markdown
from app.web.page import is_htmx, render
from app.web.paging import Page, asked_page, paged
from app.web.pictures import PictureForm
from app.web.requests import CityRequest, RequestStatus, is_shown_to_guest, request_by_reference, requests_of
from app.web.rest import (
    Answer,
    Instant,
    Language,
    Listing,
    Made,
    Money,
    Paging,
    Sent,
    Texts,
    endpoint,
    has_scope,
    listed,
    listing,
    need_scope,
    rest_blueprint,
    unchanged,
    words,
)
from app.web.search import Findable, Only, searchable
from app.web.search import alike as found_alike
from app.web.search import subjects as found_subjects
from app.web.sections import home_section, live_content
from app.web.settings import settings
from app.web.spreadsheets import BYTE_ORDER_MARK, csv_lines
from app.web.statistics import measure
from app.web.statistics.hiding import Shown as ShownNumbers
from app.web.statistics.hiding import shown as hide_small
from app.web.uploads import UploadField
from app.web.work import WorkCount, WorkItem, next_item, work_queue
from tenants.inside import inside
from tenants.vacuum import vacuum

VERSION = "1.0.0"

__all__ = [
    "ANYTHING",
    "BYTE_ORDER_MARK",
    "DOCUMENTS",
    "ELIGIBILITY_SCHEMA",
    "LANGUAGES",
    "PICTURES",
    "TABLES",
    "UNSEEN",
    "VERSION",
    "Account",
    "Accounts",
    "Aged",
    "Answer",
    "Area",
    "AttributeKind",
    "AttributeType",
    "Audience",
    "Basis",
    "City",
    "CityModel",
    "CityRequest",
    "Conflict",
    "Eligibility",
    "EligibilityForm",
    "Findable",
    "Forbidden",
    "Form",
    "Holding",
    "Instant",
    "Invalid",
    "Lane",
    "Language",
    "Level",
    "Listing",
    "Localized",
    "LocalizedField",
    "LocalizedText",
    "Looker",
    "Made",
    "Money",
    "NotFound",
    "OnList",
    "OneOf",
    "Only",
    "Page",
    "Paging",
    "PersonField",
    "Personal",
    "Picked",
    "PictureForm",
    "Pin",
    "Query",
    "Record",
    "RequestStatus",
    "Role",
    "Sent",
    "ServiceError",
    "ShownNumbers",
    "Statement",
    "Stays",
    "Subject",
    "Texts",
    "Thing",
    "TooLarge",
    "TooMany",
    "Upload",
    "UploadField",
    "Verdict",
    "WorkCount",
    "WorkItem",
    "WrongRule",
    "_",
    "_l",
    "acting_for",
    "admin_blueprint",
    "asked_page",
    "at_most",
    "attach_upload",
    "attribute_kinds",
    "audience",
    "audit",
    "bound_to_key",
    "clean_email",
    "csv_lines",
    "current_account",
    "current_city",
    "current_subject",
    "date_and_time",
    "db",
    "describe_eligibility",
    "district_map",
    "district_names",
    "districts",
    "districts_for",
    "eligibility_reasons",
    "eligible",
    "emit",
    "endpoint",
    "enqueue",
    "event",
    "find_on_list",
    "follow",
    "followable",
    "followers",
    "for_others",
    "force_locale",
    "forget_upload",
    "format_money",
    "found_alike",
    "found_subjects",
    "fresh",
    "from_local",
    "from_major",
    "given",
    "has_scope",
    "hide_small",
    "holds",
    "home_section",
    "identity",
    "image_size",
    "impersonal",
    "in_first_language",
    "in_unit",
    "inside",
    "is_followed",
    "is_htmx",
    "is_of_the_country",
    "is_shown_to_guest",
    "judge",
    "keyed_hash",
    "language",
    "left_out",
    "limit",
    "line_chart",
    "lines_of",
    "list_in_use",
    "listed",
    "listing",
    "live_content",
    "local",
    "look_away",
    "looked_at",
    "looking_at",
    "markdown",
    "may",
    "measure",
    "minor_digits",
    "mobile_number",
    "money",
    "move_followers",
    "need_scope",
    "new_id",
    "new_secret",
    "next_item",
    "ngettext",
    "not_copied",
    "notify",
    "now",
    "number",
    "offered",
    "offers_sms",
    "paged",
    "parse_money",
    "percent",
    "personal",
    "phone_of",
    "picked",
    "project_art",
    "proven_value",
    "proven_values",
    "public_blueprint",
    "read_eligibility",
    "read_upload",
    "render",
    "request_by_reference",
    "requests_of",
    "required",
    "requires",
    "rest_blueprint",
    "rows",
    "seal_secret",
    "searchable",
    "secret_hash",
    "send_mail",
    "send_sms",
    "serves",
    "settings",
    "share_followers",
    "shown_upload",
    "sign_in_required",
    "signed_link",
    "store_image",
    "store_upload",
    "subscribers",
    "task",
    "to_major",
    "today",
    "together",
    "unchanged",
    "unknown_in",
    "unseal_secret",
    "uses_districts",
    "vacuum",
    "words",
    "work_queue",
    "write_eligibility",
]
