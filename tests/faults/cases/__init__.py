"""Every case, by what is harmed. Importing the modules lists them."""

from tests.faults.cases import broker, files, machine, readers, store, workers
from tests.faults.registry import CASES

__all__ = ["CASES", "broker", "files", "machine", "readers", "store", "workers"]
