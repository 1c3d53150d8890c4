"""Reference data, read through ``worker.adapters.reference``; see README.md."""
