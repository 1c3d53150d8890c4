"""Celery as far as it takes to ring: for the watcher and the clerk, and below every worker."""

from contextlib import closing

from celery import Celery
from kombu import Queue

from worker.adapters.celery_bell import CeleryBell
from worker.adapters.system import SystemClock
from worker.bootstrap.serving import secret
from worker.core.message import INGEST
from worker.settings import Settings


def broker_settings(settings: Settings) -> dict[str, object]:
    """What makes Celery on Redis safe here, each with its reason, for all who ring or listen."""
    return {
        "broker_url": secret(settings.broker_url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # the broker may be away for an hour
        # A broker whose disk is full answers, and refuses: a worker would take that for its end.
        "broker_channel_error_retry": True,
        "broker_pool_acquire_timeout": 10,
        "broker_transport_options": {
            "global_keyprefix": "copydesk:",
            "socket_timeout": 5,  # a frozen broker would block for ever
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            # A consumer whose network was cut is deaf for twice this, until kombu finds out.
            "health_check_interval": 10,
        },
        "task_default_queue": INGEST,
        # A ring is not acknowledged: there is nothing to deliver again. With acknowledgements, one
        # that failed while the network was cut left its worker deaf for good: the message counted
        # as in work, and a worker with one process takes no second.
        "task_queues": [Queue(INGEST, no_ack=True)],
        "task_ignore_result": True,  # the ledger has the result; no result backend
        "task_serializer": "json",
        "accept_content": ["json"],  # nobody who reaches the broker may hand us a pickle
    }


def ring_bell(settings: Settings) -> closing[CeleryBell]:
    """The doorbell. Connects to nothing before it is rung."""
    app = Celery("copydesk", set_as_current=False)
    app.conf.update(broker_settings(settings))
    return closing(CeleryBell(app, INGEST, SystemClock()))
