"""What `make run` starts: private PostgreSQL and Valkey, the product's processes, demo data.

Only the standard library is imported by the services and the supervisor, so that a broken
application never stops the tool that starts it. The product never imports this package, and
production does not use it: there DATABASE_URL and REDIS_URL name real servers.
"""
