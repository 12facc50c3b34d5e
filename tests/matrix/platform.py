"""Who gets in at the platform's own addresses: on a city's site, on the platform's, in the operators' console."""

from app.testing.matrix.table import (
    ADMINISTRATORS,
    EVERYBODY,
    MANAGERS,
    NO_COOKIES,
    SIGNED_IN,
    STAFF,
    Matrix,
)

ON_APEX = "outsider citizen operator"
matrix = Matrix()

# A city's site.
matrix.blueprint("portal", EVERYBODY)
matrix.blueprint("portal_about", EVERYBODY)
matrix.blueprint("portal_sign_in", EVERYBODY)
matrix.blueprint("portal_account", SIGNED_IN)

for _name in ("confirm", "household", "inbox", "known", "my_data", "notifications", "reach", "security"):
    matrix.blueprint(f"portal_{_name}", SIGNED_IN)
for _name in ("requests", "open", "search", "unsubscribe", "worker"):
    matrix.blueprint(f"portal_{_name}", EVERYBODY)
matrix.route("portal_requests.mine", SIGNED_IN)
matrix.route(
    "portal_security.passkey portal_security.remove_passkey portal_security.unlink_service",
    SIGNED_IN,
    absent="it is the administrator's",
)
matrix.route("portal_inbox.open_one", SIGNED_IN, absent="it was told to somebody else")
matrix.route("portal_my_data.download", SIGNED_IN, absent="only the resident has asked for her data")
SENT_TO = "its secret is used up by whoever is led here from the platform's own site"
matrix.route("arrival.arrive", EVERYBODY, writes=SENT_TO)
matrix.route("visits.arrive", EVERYBODY, writes=SENT_TO)
matrix.route("visits.leave visits.left", EVERYBODY)
matrix.route("files.download", EVERYBODY, absent="no file is waiting with a link of its own")
matrix.route(
    "portal_household.act portal_household.change_child portal_household.end portal_household.invite_guardian",
    SIGNED_IN,
    absent="it is about the child of somebody else",
)

# For programs: a cookie counts for nothing there.
matrix.blueprint("api", EVERYBODY, **NO_COOKIES)
matrix.route("api.city api.description api.switched_on", EVERYBODY)
matrix.blueprint("api_page", EVERYBODY)

# A city's back office.
matrix.blueprint("console", MANAGERS)
matrix.route("console.today", STAFF)
matrix.route(
    "console.invite console.invite_again console.withdraw_invitation console.change_role console.add_role"
    " console.end_role console.remove console.new_role console.own_role console.delete_role",
    ADMINISTRATORS,
)

matrix.route(
    "console.add_sign_in_service console.remove_sign_in_service console.sign_in_service console.sign_in"
    " console.reset_factors",
    ADMINISTRATORS,
)
# Whom a list or a document proves something of may vote: no operator on a visit gives anybody that power.
matrix.route(
    "console.people console.resident console.check console.refuse_check console.withdraw_check console.release"
    " console.confirm_acting console.end_acting console.rolls console.new_roll console.import_roll console.end_roll"
    " console.free_place console.new_codes",
    ADMINISTRATORS,
)
# Whoever decides where mails leave, or by which name the city is called, reads the links that sign people in.
matrix.route("console.mail_server console.remove_mail_server console.main_domain", ADMINISTRATORS)
matrix.route("console.sign_out_person", ADMINISTRATORS)
matrix.route("console.statistics console.statistics_csv", STAFF)
matrix.route(
    "console.programs console.new_token console.webhooks console.new_webhook console.webhook"
    " console.change_webhook console.delete_webhook console.replace_secret console.resend_message console.test_webhook"
    " console.switch_webhook console.revoke_token",
    ADMINISTRATORS,
)
matrix.route(
    "console.messages console.new_message console.message console.edit_message console.ask_message"
    " console.delete_message console.send_message console.try_message",
    "editor administrator",
)

# Both sites.
matrix.blueprint("site", EVERYBODY, apex=ON_APEX)
matrix.blueprint("", EVERYBODY, apex=ON_APEX)
matrix.blueprint("probes", EVERYBODY, apex=ON_APEX)

matrix.route("site.skyline site.uploaded", EVERYBODY)
INSIDE = "answered on the deployment's internal address alone"
matrix.route("site.tls_ask metrics.metrics", EVERYBODY, apex=ON_APEX, absent=INSIDE)
matrix.route("site.security_txt", EVERYBODY, apex=ON_APEX, absent="the deployment names no contact")

# The platform's own site.
matrix.blueprint("apex", "", apex=ON_APEX)
matrix.blueprint("apex_catalogue", "", apex=ON_APEX)
matrix.blueprint("apex_start", "", apex=ON_APEX)
matrix.blueprint("apex_setting_up", "", apex=ON_APEX)
matrix.blueprint("apex_dev_mail", "", apex=ON_APEX)
matrix.blueprint("operators_door", "", apex=ON_APEX)
matrix.route("operators_door.picture", "", apex=ON_APEX, absent="nobody has begun to join")
matrix.blueprint("operators", "", apex="operator")
matrix.route(
    "operators.certificate operators.certificate_file operators.enter operators.export_file operators.visit_ready",
    "",
    apex="operator",
    absent="it is another operator's, or of a city that is gone",
)
matrix.route("operators.failure", "", apex="operator", absent="nothing has gone wrong")
matrix.route("operators.sign_out", "", apex="", operator="sign-in")
