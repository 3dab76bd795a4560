"""The door: the socket of a process, in its folder, on which the others hand over what is its own."""

import os
import socket

from services.system.files import process_folders

NAME = "door"


def opened() -> socket.socket:
    """A socket in the folder of this process, on which the others hand over."""
    made = socket.socket(socket.AF_UNIX)
    # The path of a socket has only a hundred letters, that of a folder may have more.
    folder = os.open(process_folders.own(), os.O_PATH | os.O_CLOEXEC)
    try:
        made.bind(f"/proc/self/fd/{folder}/{NAME}")
    finally:
        os.close(folder)
    (process_folders.own() / NAME).chmod(0o600)
    made.listen()
    made.setblocking(False)
    return made
