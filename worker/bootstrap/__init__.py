"""Build the object graph: the one place that knows which adapter fills which port.

A module a process, so that each loads only what it runs: the watcher no model and no reader, a
command of the operator no Celery.
"""
