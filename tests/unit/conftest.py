"""Unit tests reach nobody: not the network, and not a server on this machine either."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket

settings.register_profile("copydesk", deadline=None)  # a busy machine is no defect of ours
settings.load_profile("copydesk")


@pytest.fixture(autouse=True)
def sockets_shut() -> Iterator[None]:
    disable_socket(allow_unix_socket=False)
    yield
    enable_socket()
