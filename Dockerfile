# Torv in a container: one image for the website and the worker. Built in two steps, so that no compiler or cache is in it.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/torv
COPY requirements/bootstrap.lock requirements/production.lock requirements/
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/bootstrap.lock \
    && /srv/venv/bin/uv pip sync --no-cache --require-hashes --python /srv/venv/bin/python requirements/production.lock
COPY . .
# Catalogues and static files belong to the code: compiled and collected here, served by the process itself (whitenoise).
ENV PATH=/srv/venv/bin:$PATH PYTHONPATH=/srv/torv/site:/srv/torv DJANGO_SETTINGS_MODULE=torv.settings.production
RUN python -m torv.catalogues compile \
    && TORV_SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijklmnopqrstuvwxyz \
       TORV_ALLOWED_HOSTS=localhost TORV_BASE_URL=http://localhost TORV_VAR=/srv/build \
       python manage.py collectstatic --no-input --verbosity 0 \
    && mv /srv/build/static /srv/static

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/torv --shell /usr/sbin/nologin torv \
    && install -d -o torv -g torv /srv/var
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/torv /srv/torv
COPY --from=build /srv/static /srv/static
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONPATH=/srv/torv/site:/srv/torv \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=torv.settings.production \
    TORV_VAR=/srv/var \
    TORV_STATIC_ROOT=/srv/static
WORKDIR /srv/torv
USER torv
VOLUME /srv/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/live', headers={'Host': os.environ['TORV_ALLOWED_HOSTS'].split(',')[0]}), timeout=4)"]
CMD ["gunicorn", "torv.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
