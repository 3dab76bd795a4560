"""The listener: the one socket that all processes take their connections from."""

import socket

# So many connections wait until a process takes them.
WAITING = 2048


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens there. OSError where somebody else does, or where there is no such address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # With the protocol named asyncio turns Nagle's algorithm off: it costs 40 ms at each click.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        found.bind((address, port))
        found.listen(WAITING)
    except BaseException:
        found.close()
        raise
    found.setblocking(False)
    return found
