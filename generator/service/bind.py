"""Where the service listens: a private Unix socket, or a TCP port."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from promptkit.errors import GeneratorError, UsageError


@dataclass(frozen=True)
class UnixAddress:
    """A socket file that only its owner may open."""

    path: Path

    def __str__(self) -> str:
        return f"unix:{self.path}"


@dataclass(frozen=True)
class TcpAddress:
    """A host and a port; port 0 takes a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


Address = UnixAddress | TcpAddress


def has_unix_sockets() -> bool:
    """Whether this system has them (Windows' Python has not)."""
    return hasattr(socket, "AF_UNIX")


def default_socket() -> Path:
    """Where a service listens that was told nothing else."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "promptkit.sock"
    return Path(tempfile.gettempdir()) / f"promptkit-{os.getuid()}.sock"


@contextmanager
def listening(address: Address) -> Iterator[tuple[socket.socket, Address]]:
    """A listening socket and the address it really has; nothing of it is left behind.

    Raises:
        UsageError: if the address cannot be had.
        GeneratorError: if another process serves there.
    """
    listener, bound = _bind(address)
    try:
        yield listener, bound
    finally:
        listener.close()
        if isinstance(bound, UnixAddress):
            bound.path.unlink(missing_ok=True)


def _bind(address: Address) -> tuple[socket.socket, Address]:
    try:
        if isinstance(address, UnixAddress):
            return _bind_unix(address.path), address
        return _bind_tcp(address)
    except OSError as error:
        raise UsageError(f"{address}: cannot listen there: {error.strerror or error}") from error


def _bind_unix(path: Path) -> socket.socket:
    if not has_unix_sockets():
        raise UsageError("this system has no Unix sockets; serve with --port instead")
    _clear_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The mode must be right from the first moment, not after a chmod.
    old_mask = os.umask(0o177)
    try:
        listener.bind(str(path))
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(old_mask)
    listener.listen(128)
    return listener


def _clear_stale(path: Path) -> None:
    """Remove the socket of a service that is gone; refuse to take over from one that lives."""
    if not path.exists():
        return
    if not path.is_socket():
        raise UsageError(f"{path}: is not a socket; name another place with --socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            with suppress(FileNotFoundError):
                path.unlink()
            return
    raise GeneratorError(f"{path}: another generator serves here; use it with --server unix:{path}")


def _bind_tcp(address: TcpAddress) -> tuple[socket.socket, Address]:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.create_server((address.host, address.port), family=family, backlog=128)
    port = listener.getsockname()[1]
    return listener, TcpAddress(address.host, port)
