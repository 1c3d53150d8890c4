"""The command ``copydesk``: what people and scripts touch.

What a machine reads goes to stdout, and only when it was asked for; what people read goes to
stderr. One module a command, or a family of them; ``app`` has the options that all share, and turns
errors into exit codes.

The modules of commands import only what it takes to parse a command line: spaCy, Celery and
SQLAlchemy are imported inside the functions that need them, so that ``--help`` answers at once.
"""


def main() -> None:
    """Run the command line of this process, and exit."""
    from worker.cli.app import run

    run()
