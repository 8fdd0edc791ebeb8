#!/usr/bin/env sh
# Installs what the tests run against where it is missing and may be installed; otherwise says so in one line.
# Elasticsearch itself comes from Maven Central into the folder for caches (tests/services/elasticsearch.py).
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v xgettext >/dev/null 2>&1 || missing="$missing gettext"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
command -v mvn >/dev/null 2>&1 || missing="$missing maven"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing$missing"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # shellcheck disable=SC2086
        apt-get install -qq -y --no-install-recommends $missing >/dev/null
    elif [ -n "${CI:-}" ]; then
        echo "Missing:$missing" >&2
        exit 1
    else
        echo "Tests that need$missing will be skipped: install it with your system's package manager."
    fi
fi
if [ -z "${TORV_ELASTICSEARCH_URL:-}" ] && [ -x .venv/bin/python ]; then
    PYTHONPATH=. .venv/bin/python -m tests.services.elasticsearch
fi
