# The image of web, worker, beat and setup; compose.yaml says which of them a container is.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
RUN python -m venv /opt/parvis
COPY requirements.lock ./
# Without the servers of the development stack.
RUN sed '/^# Servers for development/,$d' requirements.lock > production.lock \
    && /opt/parvis/bin/pip install --no-deps -r production.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY modules modules
COPY tenants tenants
COPY worker worker
RUN /opt/parvis/bin/python -m app.core.catalogs compile \
    && /opt/parvis/bin/pip install --no-deps --no-build-isolation . \
    && /opt/parvis/bin/pip uninstall --yes pip

FROM python:3.13-slim

RUN useradd --system --uid 10001 --home-dir /var/lib/parvis --shell /usr/sbin/nologin parvis \
    && install -d -o parvis -g parvis -m 0750 /var/lib/parvis /var/lib/parvis/files
COPY --from=build /opt/parvis /opt/parvis
ENV PATH=/opt/parvis/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /var/lib/parvis
USER 10001
EXPOSE 8000
CMD ["gunicorn", "-c", "python:app.gunicorn_conf", "-b", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm", \
     "app.wsgi:app"]
