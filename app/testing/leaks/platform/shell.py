"""Commands of the shell, called for one city and for its copies."""

from app.testing.leaks.platform.owner import filling

COPY, RENAMED, RESTORED = "copy-for-isolation", "renamed-for-isolation", "restored-for-isolation"

filling.command("city show", "{city}", "--json")
filling.command("city export", "{city}", "-o", "{folder}/export.zip")
filling.command("city verify", "{folder}/export.zip")
filling.command("city copy", "{city}", "--address", COPY, "--administrator", "trainer@typed.example")
filling.command("city restore", "{folder}/export.zip", "--address", RESTORED, "--empty-open-votes")
filling.command("city suspend", COPY, "--reason", "A training is over.")
filling.command("city resume", COPY)
filling.command("city rename", COPY, "--address", RENAMED, "--name", "Renamed")
filling.command(
    "city erase", RENAMED, "--reason", "It is over.", "--now", "--confirm", RENAMED, "--without-export"
)
filling.command("city erase", RESTORED, "--reason", "It is over.")
filling.command("city cancel-erasure", RESTORED)
filling.command("city domains list", "{city}")
filling.command("city domains add", "{city}", "typed.claimed.example")
filling.command("city domains check", "{city}", "typed.claimed.example")
filling.command("city domains remove", "{city}", "typed.claimed.example")
filling.command("city domains main", "{city}")
filling.command("city administrator", "{city}", "new-one@typed.example")
filling.command("search rebuild", "{city}")
filling.command("city quota", "{city}", "mails", "1000")
filling.command("city usage", "{city}")
filling.command(
    "city create",
    "--name",
    "Typed",
    "--address",
    "typed-for-isolation",
    "--administrator",
    "mayor@typed.example",
)
filling.review("command city approve", "about a sign-up, before there is a city")
filling.review("command city list", "lists all cities, for operators")
filling.review("command city certificate", "prints one certificate, which holds no personal data")
filling.review(
    "command city rewind", "needs a server recovered to a moment; tests/tenants proves it city by city"
)
filling.review("command doctor", "looks the whole deployment over and changes nothing")
filling.review(
    "command mail bounced",
    "takes a way back that only this deployment makes; tests/notify/test_bounces.py tries others",
)
filling.review("command setup", "prepares the whole deployment")
filling.review(
    "command migrate", "migrates all cities; tests/tenants proves that each has a transaction of its own"
)
filling.review("command errors *", "for operators of the platform; errors have no personal data")
filling.review("command operator *", "about operators, who belong to no city")
filling.review("command demo *", "development only: makes and shows the demonstration cities")
