# A small image of the server: no compiler, no root, nothing written outside /data and /tmp.
#
#   docker build -t ttrpg-assistant .
#   docker run --read-only --tmpfs /tmp -v ttrpg:/data -p 127.0.0.1:8642:8642 ttrpg-assistant
#
# compose.yaml runs it beside PostgreSQL and Caddy.

FROM python:3.13-slim AS build
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock pyproject.toml README.md LICENSE THIRD_PARTY_LICENCES.md ./
RUN python -m venv /app && /app/bin/pip install --require-hashes --requirement requirements.lock
COPY src ./src
RUN /app/bin/pip install --no-deps --no-build-isolation . prometheus-client \
    && /app/bin/pip uninstall --yes hatchling editables pathspec pluggy trove-classifiers pip \
    && /app/bin/python -m compileall -q -j 0 /app/lib

FROM python:3.13-slim
# pg_dump and pg_restore, for the daily backup where the database is PostgreSQL.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin ttrpg \
    && install --directory --owner=ttrpg --group=ttrpg --mode=0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TTRPG_DATA_DIR=/data \
    TTRPG_HOST=0.0.0.0 \
    TTRPG_LOG=json
USER ttrpg
VOLUME /data
EXPOSE 8642
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8642/readyz', timeout=4)"]
ENTRYPOINT ["ttrpg-assistant"]
CMD ["serve", "--no-browser"]
