"""The worker: a process of its own that makes one file and ends. Reads its job as JSON from standard input."""

import json
import os
import sys
from pathlib import Path

from services.exporting import dumping, file_jobs


def main() -> None:
    """Do the job: a workbook or everything into a file, or CSV to standard output."""
    if hasattr(os, "nice"):
        os.nice(5)
    told = json.load(sys.stdin)
    if "everything" in told:
        dumping.write(Path(told["path"]), told["everything"], within=told["within"])
        return
    job = file_jobs.job_of(told)
    if told["path"] != "-":
        file_jobs.write_workbook(job, Path(told["path"]))
        return
    for piece in file_jobs.csv_pieces(job):
        sys.stdout.buffer.write(piece)


if __name__ == "__main__":
    main()
