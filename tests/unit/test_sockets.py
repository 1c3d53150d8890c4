"""The lock on the door of this folder holds (``conftest.py``)."""

import socket

import pytest
from pytest_socket import SocketBlockedError


@pytest.mark.parametrize(
    "family",
    [
        pytest.param(socket.AF_INET, id="IPv4"),
        pytest.param(socket.AF_INET6, id="IPv6"),
        pytest.param(socket.AF_UNIX, id="Unix"),
    ],
)
@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_no_socket_is_made(family: socket.AddressFamily) -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket(family)


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_no_connection_is_made() -> None:
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9), timeout=0.1)
