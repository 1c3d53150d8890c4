"""What ``celery -A worker.celery_app`` loads; everything is built in a function."""

from worker.bootstrap.working import build_celery
from worker.settings import load

app = build_celery(load())
