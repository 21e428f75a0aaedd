# db: PostgreSQL with the product's settings · islands: the bundle · web: the application
# tls: nginx, for the profile of that name · clients: API client generators · test: web and all tools

FROM postgres:18 AS db
COPY project/local/postgresql.conf /etc/job-dashboard/postgresql.conf
COPY project/local/application_role.sql /etc/job-dashboard/application_role.sql
COPY project/docker/application-role /docker-entrypoint-initdb.d/application-role.sh
COPY project/docker/db /usr/local/bin/job-dashboard-db
ENTRYPOINT ["bash", "/usr/local/bin/job-dashboard-db"]
CMD ["postgres"]


FROM node:24-slim AS islands
WORKDIR /app/islands
COPY islands/package*.json islands/.npmrc* ./
COPY islands/schema-types schema-types
RUN npm ci --no-audit --no-fund
COPY islands/ ./
RUN npm run build


FROM python:3.11-slim AS web
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --home-dir /tmp app
COPY requirements/base.txt requirements/base.txt
RUN pip install --quiet --require-hashes -r requirements/base.txt
ARG EXTRA=""
COPY requirements/otel.txt requirements/otel.txt
RUN [ -z "$EXTRA" ] || pip install --quiet --require-hashes -r "requirements/$EXTRA.txt"
COPY manage.py pyproject.toml ./
COPY project project
COPY jobs jobs
COPY templates templates
COPY --from=islands /app/islands/dist islands/dist
# The settings require a key; collectstatic signs nothing with it.
RUN SECRET_KEY=unused python manage.py collectstatic --noinput --verbosity 0
ENV WEB_BIND=0.0.0.0:8000
USER app
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
  CMD ["python", "-m", "project.probe", "http://127.0.0.1:8000"]
CMD ["bash", "project/docker/web"]


FROM python:3.11-slim AS tls
RUN apt-get update -q && apt-get install -q -y --no-install-recommends nginx-light openssl && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --home-dir /tmp app \
  && install -d -o app -g app -m 700 /run/tls
COPY docs/proxies/nginx.conf /etc/job-dashboard/nginx.conf
COPY project/docker/tls /usr/local/bin/job-dashboard-tls
USER app
EXPOSE 8443 8080
CMD ["bash", "/usr/local/bin/job-dashboard-tls"]


FROM node:24-slim AS clients
WORKDIR /opt/clients
COPY jobs/contract_tests/clients/package*.json jobs/contract_tests/clients/.npmrc ./
RUN npm ci --no-audit --no-fund


FROM web AS test
USER root
RUN apt-get update -q && apt-get install -q -y --no-install-recommends chromium-headless-shell curl pgbouncer && rm -rf /var/lib/apt/lists/*
COPY requirements/dev.txt requirements/dev.txt
RUN pip install --quiet --require-hashes -r requirements/dev.txt
COPY --from=islands /usr/local/bin/node /usr/local/bin/node
COPY --from=islands /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY --from=clients /opt/clients /opt/clients
COPY --from=islands --chown=app:app /app/islands islands
COPY --chown=app:app . .
RUN chown app:app /app
ENV JOBS_CHROMIUM=/usr/bin/chromium-headless-shell JOBS_CLIENTS=/opt/clients
HEALTHCHECK NONE
USER app
CMD ["python", "-m", "project.local", "suites"]
