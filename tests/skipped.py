"""What was left out, and why; where CI is set, a test may be left out for want of the shared data and nothing else."""

import os
from collections import Counter

import pytest

from tests.shared import ABSENT


def _reasons(config: pytest.Config) -> Counter[str]:
    """How many tests were skipped for each reason, from all workers."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    told = (report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr) for report in reports)
    return Counter(reason.removeprefix("Skipped: ") for reason in told)


def _unwanted(config: pytest.Config) -> list[str]:
    if not os.environ.get("CI"):
        return []
    return [reason for reason in _reasons(config) if not reason.startswith(ABSENT)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that would have passed, had it not left out what it must not."""
    if session.exitstatus == pytest.ExitCode.OK and _unwanted(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """A section of its own, so that nobody takes a test that was left out for one that passed."""
    reasons, unwanted = _reasons(config), _unwanted(config)
    if reasons:
        terminalreporter.section(f"{reasons.total()} tests were left out")
    for reason, count in reasons.most_common():
        terminalreporter.line(f"{count} × {reason}", red=reason in unwanted)
    if unwanted:
        terminalreporter.line("CI is set, and the lines in red are no reason to leave a test out: the run fails.")
