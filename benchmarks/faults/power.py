"""Power: the plug is pulled: of the log only what was synced outlives it: all that was acknowledged must be in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.contention import Ground, steps
from benchmarks.faults import checking
from benchmarks.faults.checking import Saved
from benchmarks.faults.outcome import Outcome
from services.system import db
from services.system.settings import ROOT, settings

# Notes how long each file was when it was last synced.
_LIBRARY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>
static int noted(const char *name, int fd) {
    char link[64], path[4096];
    struct stat found;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    FILE *kept = fopen(getenv("SYNCED"), "a");
    if (kept && length > 0 && !fstat(fd, &found)) {
        path[length] = 0;
        fprintf(kept, "%lld %s\n", (long long)found.st_size, path);
    }
    if (kept) fclose(kept);
    return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}
int fsync(int fd) { return noted("fsync", fd); }
int fdatasync(int fd) { return noted("fdatasync", fd); }
"""


def compiler() -> str | None:
    """What compiles the library that looks on, where there is one."""
    return shutil.which("cc")


def cut(folder: Path, count: int, use: Callable[[str], None]) -> Outcome:
    """Let somebody take ``count`` steps on the file in use, pull the plug, and look at what the disk has.

    ``use(url)`` lets this process work on another file.
    """
    found = Outcome("limits", "sqlite", "the power is cut", times=1)
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(make_url(settings().database_url).database or "")
    saved = _saved(folder, count)
    found.acknowledged = len(saved)
    use(f"sqlite:///{_left(folder, path)}")
    found.lost, found.half = checking.lost(saved), checking.half_written()
    if found.acknowledged < count:
        found.wrong.append(f"{found.acknowledged} of {count} steps were taken")
    return found


def _saved(folder: Path, count: int) -> list[Saved]:
    """What another process, which ends without closing anything, was told to be saved."""
    library = folder / "synced.so"
    (folder / "synced.c").write_text(_LIBRARY)
    subprocess.run([str(compiler()), "-shared", "-fPIC", "-o", library, folder / "synced.c", "-ldl"], check=True)
    db.forget()
    environment = {**os.environ, "LD_PRELOAD": str(library), "SYNCED": str(folder / "synced"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.faults.power", str(count)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    return [Saved(number, int(version)) for number, version in map(str.split, done.stdout.splitlines())]


def _left(folder: Path, path: Path) -> Path:
    """The file as the disk has it: its log ends where it was last synced."""
    log = path.with_name(f"{path.name}-wal")
    synced = [line.split(" ", 1) for line in (folder / "synced").read_text().splitlines()]
    length = max((int(size) for size, name in synced if name == str(log)), default=0)
    shutil.copy(path, folder / "left.db")
    (folder / "left.db-wal").write_bytes(log.read_bytes()[:length])
    return folder / "left.db"


def main(count: int) -> None:
    """Take steps, tell of each, and end as if the machine had."""
    with db.reading() as session:
        ground = Ground.of(session)
    waiting = steps(ground.clerk(1), ground)
    for _ in range(count):
        print(*next(waiting)(), flush=True)
    os.kill(os.getpid(), 9)


if __name__ == "__main__":
    main(int(sys.argv[1]))
