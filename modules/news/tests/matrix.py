"""Who gets in at the addresses of news."""

from app.testing.matrix.table import EVERYBODY, NO_COOKIES, Matrix

matrix = Matrix()
matrix.blueprint("news_public", EVERYBODY)
matrix.blueprint("news_admin", "editor administrator visiting")
matrix.route("news_admin.index news_admin.article", "viewer editor administrator visiting")
matrix.blueprint("news_rest", EVERYBODY, **NO_COOKIES)
matrix.route("news_rest.articles news_rest.article", EVERYBODY)
