"""The guard of names sees a flow or a state where one is meant, and lets ordinary words be."""

from pathlib import Path

import pytest

from tests import flow_names


@pytest.mark.parametrize(
    "line",
    [
        'matter.flow == "issue"',
        'matter.state in ("closed", "visited")',
        'matter.state in ("closed",)',
        '"done" == row["state"]',
        'col(Matter.state).in_(["meeting", "closed"])',
        'may(actor, "issue.create")',
        'may(actor, "action.create")',
        'term("state.action", code)',
        'f"issue.{action}"',
        'Filter(flow="action", state="done")',
        '{"flow": "deliberation"}',
        'flows.states("deliberation")',
        'flows.state(flow, "closed")',
        'FLOWS = ["action"]',
        'flow: str = "action"',
        'flow = chosen or "action"',
        'def read(path: str, flow: str = "action", /, *, state: str = "done") -> None: ...',
    ],
)
def test_a_name_of_a_flow_would_be_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "page.py").write_text(line, encoding="utf-8")
    assert flow_names.found(tmp_path / "page.py", flow_names.Names.read())


@pytest.mark.parametrize(
    "line",
    [
        '"""An issue: issue."""',
        'state.kind == "done"',
        'flows.states_of_kind(flow, "done")',
        'f"action.{matter.flow}"',
        'page_link("meeting", "x")',
        '"a.issue"',
    ],
)
def test_an_ordinary_word_is_no_name_of_a_flow(tmp_path: Path, line: str) -> None:
    (tmp_path / "page.py").write_text(line, encoding="utf-8")
    assert not flow_names.found(tmp_path / "page.py", flow_names.Names.read())
