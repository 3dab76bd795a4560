"""Spool: entries on the disk between the two passes, so that a million rows need no more memory than a few thousand."""

import pickle
from collections.abc import Iterator, Sized
from types import TracebackType
from typing import Any, Self

from services.system.files import work_folders


class Spool:
    """Batches of entries, or of what was made of them, in a file nobody else sees. A context manager."""

    def __init__(self) -> None:
        self._file = work_folders.file()
        self.entries = 0

    def put(self, batch: Sized) -> None:
        """Keep a batch."""
        if batch:
            pickle.dump(batch, self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self.entries += len(batch)

    def clear(self) -> None:
        """Forget what was kept."""
        self._file.seek(0)
        self._file.truncate()
        self.entries = 0

    def batches(self) -> Iterator[Any]:
        """The batches, in the order they were kept."""
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)
            except EOFError:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
