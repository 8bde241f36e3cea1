"""The page as a witness with a stick uses it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.rd1 import parse_result, parse_void, write_void
from tests.domain.rd1.plans import NAMES, worked

from .browser import PAGE, Page
from .folders import Files, series_of_three

FIXED = NAMES[0]


def put(root: Path, folders: dict[str, Files]) -> Path:
    for name, files in folders.items():
        (root / name).mkdir(parents=True)
        for file, data in files.items():
            (root / name / file).write_bytes(data)
    return root


def folder_of(root: Path, name: str) -> Path:
    draw = worked(name)
    no = parse_result(draw.result).no
    files = {"plan.txt": draw.plan, "result.txt": draw.result, "minutes.pdf": b"%PDF"}
    return put(root, {no: files}) / no


@pytest.mark.parametrize("name", NAMES)
def test_a_worked_draw_is_recomputed(page: Page, tmp_path: Path, name: str) -> None:
    verdict = page.choose_folder(folder_of(tmp_path, name))
    assert "重新计算的结果相同 — 还差一步" in verdict
    text = page.text()
    result = parse_result(worked(name).result)
    for value in (result.plan, result.commitment, result.seed, result.result_hash):
        assert value in text
    assert "✗" not in text
    assert "不需要读，没有读" in text  # the minutes


@pytest.mark.parametrize("way", ["drop a folder", "drop files", "choose files"])
def test_every_way_in_needs_no_permission(page: Page, tmp_path: Path, way: str) -> None:
    folder = folder_of(tmp_path, FIXED)
    texts = sorted(folder.glob("*.txt"))
    if way == "drop a folder":
        verdict = page.drop(folder)
    elif way == "drop files":
        verdict = page.drop(*texts)
    else:
        verdict = page.choose_files(*texts)
    assert "重新计算的结果相同" in verdict


def test_the_signed_slip_decides(page: Page, tmp_path: Path) -> None:
    page.choose_folder(folder_of(tmp_path, FIXED))
    result = parse_result(worked(FIXED).result)
    plan_field = page.find("[aria-label='签字记录上的 P']")
    plan_field.send_keys(result.plan[:20].upper())
    assert "前 20 个字一致，还差 44 个" in page.text()
    plan_field.send_keys(" " + result.plan[20:])
    page.find("[aria-label='签字记录上的 C']").send_keys(result.commitment)
    assert page.find("#verdict").text.startswith("✓ 复算一致")
    page.find("[aria-label='签字记录上的 F']").send_keys("0")
    assert page.find("#verdict").text.startswith("✗ 发现 1 处不符")
    assert "第 1 个字起不同" in page.text()


def test_without_a_result_the_digits_can_be_typed(page: Page, tmp_path: Path) -> None:
    draw = worked(FIXED)
    folder = folder_of(tmp_path, FIXED)
    (folder / "result.txt").unlink()
    assert "既没有 result.txt" in page.choose_folder(folder)
    page.find("[aria-label='揭示值 R']").send_keys(draw.reveal)
    slips = [page.find(f"[aria-label='第 {i} 名见证人的数字']") for i in (1, 2, 3)]
    slips[0].send_keys("３１４１５９")  # an input method's full-width digits
    slips[1].send_keys(draw.digits[1])
    slips[2].send_keys("12")
    page.find(".opening button").click()
    assert "第 3 组见证数字应为 6 至 32 位数字" in page.text()
    slips[2].clear()
    slips[2].send_keys(draw.digits[2])
    assert "没有结果文件可以对照" in page.press(".opening button")
    assert parse_result(draw.result).result_hash in page.text()


def test_the_chain_is_drawn(page: Page, tmp_path: Path) -> None:
    root = put(tmp_path / "draw", series_of_three())
    assert "还差一步" in page.choose_folder(root)
    boxes = [" ".join(text.split()) for text in page.texts(".box")]
    assert [text.rsplit(" ", 1)[0] for text in boxes[1:-1]] == [
        "331000-2026Q1-01 结果",
        "331000-2026Q1-02 作废",
        "331000-2026Q2-03 结果",
        "331000-2026Q1-01 替换 1",
    ]
    assert boxes[0].startswith("起点") and boxes[-1].startswith("之后")
    assert page.texts(".cut") == []
    assert "4 条记录一条接一条" in page.text()


def test_a_draw_taken_out_breaks_the_chain(page: Page, tmp_path: Path) -> None:
    folders = series_of_three()
    del folders["331000-2026Q1-02"]
    verdict = page.choose_folder(put(tmp_path / "draw", folders))
    assert "第 1 次与第 3 次之间缺抽取记录" in verdict
    assert "331000-2026Q2-03 的结果 接不上" in verdict
    assert page.texts(".cut") == ["✗ 断开"]


def test_folders_may_come_one_after_the_other(page: Page, tmp_path: Path) -> None:
    root = put(tmp_path / "draw", series_of_three())
    for name in ("331000-2026Q2-03", "331000-2026Q1-01"):
        verdict = page.choose_folder(root / name)
    assert "✗" in verdict
    assert "还差一步" in page.choose_folder(root / "331000-2026Q1-02")
    page.find("#reset").click()
    assert page.find("#verdict").text == ""
    assert page.run("return document.activeElement.id") == "folder"


def test_a_changed_line_is_shown_as_it_should_be(page: Page, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, FIXED)
    result = worked(FIXED).result
    changed = result.replace(b"sel|A|2|91331000MA100274X2", b"sel|A|2|91331000MA100000X0")
    (folder / "result.txt").write_bytes(changed)
    verdict = page.choose_folder(folder)
    assert verdict.startswith("✗ 发现 2 处不符")
    assert "result.txt 从第 11 行起" in verdict
    assert page.texts(".differ b") == ["274X2", "000X0"]
    assert "✗ 结果" in page.texts(".box")[1]


@pytest.mark.parametrize("lost", [False, True])
def test_a_void_draw_keeps_what_it_would_have_drawn(page: Page, tmp_path: Path, lost: bool) -> None:
    no = "331000-2026Q1-02"
    files = series_of_three()[no]
    result = parse_void(files["void.txt"]).result
    assert result is not None
    if lost:
        record = replace(parse_void(files["void.txt"]), reveal=None, result=None)
        files = {**files, "void.txt": write_void(record)}
    verdict = page.choose_folder(put(tmp_path, {no: files}) / no)
    assert ("重新计算的结果相同" in verdict) != lost and "✗" not in verdict
    assert (result in page.text()) != lost
    assert ("揭示值 R 已丢失，只能与签字的承诺记录对照" in page.text()) == lost
    assert page.texts(".box")[1].split()[:2] == [no, "作废"]
    void = parse_void(files["void.txt"])
    page.find("[aria-label='签字记录上的 P']").send_keys(void.plan)
    page.find("[aria-label='签字记录上的 C']").send_keys(void.commitment)
    said = "✓ 能核对的都相符" if lost else "✓ 复算一致"
    assert page.find("#verdict").text.startswith(said)


def test_a_folder_under_another_number_is_named(page: Page, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, FIXED)
    other = folder.rename(folder.with_name("331000-2026Q1-02"))
    assert "文件夹叫 331000-2026Q1-02，里面却是 331000-2026Q1-01" in page.choose_folder(other)
    page.open()
    copy = other.rename(folder.with_name("副本"))
    assert "还差一步" in page.choose_folder(copy)


def test_who_drew_nothing_in_is_told_what_is_needed(page: Page, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert "请先解压" in page.choose_files(tmp_path / "a.zip")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    assert "没有找到抽取记录" in page.choose_files(tmp_path / "b.pdf")


def test_names_are_text_and_never_markup(page: Page, tmp_path: Path) -> None:
    trap = "<img src=x onerror=document.title=1>"
    folder = folder_of(tmp_path, FIXED)
    plan = worked(FIXED).plan.replace("某某甲化工有限公司".encode(), trap.encode())
    (folder / "plan.txt").write_bytes(plan.replace("法制股".encode(), trap.encode()))
    page.choose_folder(folder)
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert trap in page.text()
    assert page.driver.title == "随查 · 抽查结果复算"


def test_the_list_tells_who_is_in_and_who_checks(page: Page, tmp_path: Path) -> None:
    page.choose_folder(put(tmp_path / "draw", series_of_three()) / "331000-2026Q1-01")
    rows = page.unfold("summary", "details tbody tr")
    assert len(rows) == 11
    assert rows[0].startswith("抽中 A ") and rows[-1].startswith("备选 B ")


def test_the_keyboard_reaches_everything(page: Page, tmp_path: Path) -> None:
    page.choose_folder(folder_of(tmp_path, FIXED))
    reachable = page.run(
        "return [...document.querySelectorAll('button, input, summary')]"
        ".filter((one) => one.tabIndex >= 0 && one.offsetParent !== null && !one.disabled)"
        ".map((one) => one.textContent || one.getAttribute('aria-label'))"
    )
    assert reachable == [
        "选择文件夹…",
        "选择文件…",
        "打印核对结果",
        "清空，重新开始",
        "签字记录上的 P",
        "签字记录上的 C",
        "签字记录上的 F",
        "抽中名单与检查人员（5 家抽中，6 家备选）",
    ]


def test_nothing_leaves_and_the_page_says_who_may_use_it(page: Page, tmp_path: Path) -> None:
    page.choose_folder(folder_of(tmp_path, FIXED))
    assert page.run("return performance.getEntriesByType('resource').length") == 0
    assert page.driver.get_log("browser") == []  # type: ignore[no-untyped-call]
    text = page.text()
    assert "浏览器太旧" not in text  # shown where the scripts do not start
    assert "只有工作人员或纪检见证人可在检查结束前使用" in text
    assert "不上传、不保存" in text
    assert "default-src 'none'" in PAGE.read_text(encoding="utf-8")
    assert page.run("return localStorage.length + sessionStorage.length") == 0


def test_the_page_fits_an_old_screen(page: Page, tmp_path: Path) -> None:
    page.choose_folder(put(tmp_path / "draw", series_of_three()))
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth")


# What came after ES2017, or is denied to a page opened from a stick.
TOO_NEW = (
    r"\?\.(?![0-9])",
    r"\?\?",
    r"\.\.\.",
    r"catch \{",
    r"for await",
    r"async function\*",
    r"\bBigInt\b|\b[0-9]+n\b",
    r"\(\?<",
    r"\.(flat|flatMap|matchAll|replaceAll|at|trimStart|trimEnd|fromEntries|allSettled)\(",
    r"\bimport\b|\bexport\b|type=.module",
    r"\bfetch\(|XMLHttpRequest|crypto\.|localStorage|TextDecoder|https?:",
    r"\.trim\(|\bassert\b",
)


@pytest.mark.parametrize("pattern", TOO_NEW)
def test_an_old_browser_understands_it(pattern: str) -> None:
    blocks = re.findall(r"<script>(.*?)</script>", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", "".join(blocks), flags=re.DOTALL)
    assert re.search(pattern, code) is None
