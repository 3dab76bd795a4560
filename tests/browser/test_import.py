"""A messy ledger goes in through the page by hand, comes out again, and what is wrong goes along as a workbook."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from services.system import clock
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser
HEAD = ("序号", "诉求编号", "受理\n时间", "所属网格", "诉求人反映问题", "诉求类别", "承办单位", "办理情况", "联系电话")
PROBLEMS = ("楼道堆放杂物无人清理", "路灯不亮，晚上出行不便", "垃圾桶满溢有异味")


def ledger(folder: Path, *, wrong: int = 0) -> Path:
    """Ten reports as an office keeps them: a title, a page of instructions, sums, dates in several ways of writing."""
    book = openpyxl.Workbook()
    book.active.append(["本表由各网格填报，每周五报社区"])
    sheet = book.create_sheet("本月")
    sheet.append(["某社区群众诉求台账"])
    sheet.merge_cells("A1:I1")
    sheet.append(HEAD)
    for at in range(10):
        day = clock.today() - timedelta(days=at + 1)
        written = (f"{day:%Y-%m-%d}", f"{day.year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日")[
            at % 3
        ]
        said = f"{PROBLEMS[at % 3]}（{at + 1}栋）"
        raised = "不记得" if at < wrong else written
        state = "已办结" if at % 2 else "办理中"
        sheet.append(
            [at + 1, f"SQ-{at:03d}", raised, f"第{at % 3 + 1}网格", said, "路灯", "物业公司", state, "13800000000"]
        )
    sheet.append(["合计", 10])
    path = folder / "ledger.xlsx"
    book.save(path)
    return path


def drop(person: Person, path: Path) -> None:
    """Choose a file on the page, and wait until it has been read."""
    person.page.set_input_files("input[type=file]", path)
    person.page.get_by_role("button", name="Check every row").wait_for()
    person.settle()


def check(person: Person) -> dict[str, int]:
    """Press the button that checks; the counts by their names."""
    person.click("Check every row")
    return counts(person)


def counts(person: Person) -> dict[str, int]:
    """The counts of rows on the page."""
    box = person.page.locator(".st-key-import-counts")
    box.wait_for()
    return {name: int(said) for name, said in re.findall(r"([A-Z][a-z ]+)\n+([\d,]+)", box.inner_text())}


def write(person: Person) -> None:
    """Press the button that writes, and wait for the outcome."""
    person.page.locator(".st-key-import-write button").click()
    person.page.get_by_text("is imported").wait_for(timeout=60_000)
    person.settle()


def issues(person: Person) -> int:
    """How many issues the ledger has in all."""
    person.go("/issues?open=all")
    found = re.search(r"(\d+)\s+issues", person.text())
    assert found, person.text()
    return int(found[1])


def test_a_messy_ledger_goes_in_by_hand_and_out_again(person: Callable[..., Person], tmp_path: Path) -> None:
    admin = person("Administrator")
    before = issues(admin)
    admin.go("/imports")
    drop(admin, ledger(tmp_path))
    assert "Not imported: 序号, 联系电话" in admin.text()
    told = check(admin)
    assert (told["New"], told["Changed"], told["Refused"]) == (10, 0, 0)
    admin.shot("import-check-en")
    write(admin)
    assert counts(admin)["New"] == 10
    assert issues(admin) == before + 10

    admin.go("/imports")
    drop(admin, ledger(tmp_path))
    assert check(admin)["Unchanged"] == 10
    assert not admin.page.locator(".st-key-import-write").count()
    admin.click("Another file")

    admin.click("Undo", exact=False)
    admin.click("Undo this import")
    assert "Undone" in admin.text() and "is imported" not in admin.text()
    assert issues(admin) == before
    assert not admin.abroad


def test_the_refused_rows_go_along_as_a_workbook(person: Callable[..., Person], tmp_path: Path) -> None:
    admin = person("Administrator")
    admin.go("/imports")
    drop(admin, ledger(tmp_path, wrong=2))
    told = check(admin)
    assert (told["New"], told["Refused"]) == (8, 2)
    with admin.page.expect_download() as waiting:
        admin.page.get_by_role("button", name="Take the refused rows along as Excel").click()
    rows = list(openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.values)
    assert [row[1] for row in rows[1:]] == ["SQ-000", "SQ-001"]
    assert "不记得" in rows[1][-2]
    admin.click("Import the 8 good rows only")
    admin.page.get_by_text("is imported").wait_for(timeout=60_000)
    assert counts(admin)["Refused"] == 2
    assert admin.page.get_by_role("button", name="Take the refused rows along as Excel").count() == 1


def test_a_template_stands_beside_the_place_to_drop_a_file(person: Callable[..., Person]) -> None:
    admin = person("Administrator")
    admin.go("/imports?kind=areas")
    with admin.page.expect_download() as waiting:
        admin.page.get_by_role("link", name="Template").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert "Level" in next(book.worksheets[0].values)
