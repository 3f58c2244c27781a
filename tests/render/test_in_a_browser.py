"""The page of `--format html` in a real browser: accessible by axe-core, whole in itself, its reasons a click away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from careplan.knowledge import Knowledge
from careplan.plan.editions import Edition
from careplan.render.html import html
from tests.render.examples import example, signed_document

AXE = files("selenium_axe_python") / "axe-core" / "axe.min.js"
PAGES: tuple[tuple[str, Edition], ...] = (
    ("fibromyalgia", "patient"),
    ("fibromyalgia", "clinician"),
    ("minimal", "clinician"),
    ("emergency", "patient"),
    ("emergency", "clinician"),
)
FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests may run as root in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = (360, 740)

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        message = "no Chromium to look at pages with; install Debian's chromium and chromium-driver"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as started:
        yield started


@pytest.fixture
def opened(browser: webdriver.Chrome, tmp_path: Path, knowledge: Knowledge) -> Any:
    """Opens the page of an example and gives the browser."""

    def open_page(name: str, edition: Edition) -> webdriver.Chrome:
        page = tmp_path / "plan.html"
        document = signed_document(example(name, knowledge), edition, knowledge)
        page.write_text(html(document, knowledge.templates), encoding="utf-8")
        browser.get(page.as_uri())
        return browser

    return open_page


@pytest.mark.parametrize(("name", "edition"), PAGES)
def test_axe_finds_nothing_to_mend(name: str, edition: Edition, opened: Any) -> None:
    browser = opened(name, edition)
    browser.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script("axe.run({resultTypes: ['violations']}).then(arguments[0])")
    assert len(found["passes"]) > 15
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


def test_a_page_fetches_nothing(opened: Any) -> None:
    browser = opened("fibromyalgia", "clinician")
    assert browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)") == []
    loaded = "return document.fonts.ready.then(fonts => [...fonts].filter(each => each.status == 'loaded').length)"
    assert browser.execute_script(loaded) == 2


def test_the_reasons_of_a_recommendation_are_a_click_away(opened: Any) -> None:
    browser = opened("fibromyalgia", "clinician")
    why = browser.find_element(By.CSS_SELECTOR, "#ACT-03 details")
    assert "Answers:" not in why.text
    why.find_element(By.TAG_NAME, "summary").click()
    assert "Answers: How long the pain has lasted: 72 months" in why.text
    assert "pain.duration_months >= 3" in why.text
    assert "Sources: Fordyce operant model" in why.text


def test_a_name_in_the_table_leads_to_its_detail(opened: Any) -> None:
    browser = opened("fibromyalgia", "clinician")
    browser.find_element(By.CSS_SELECTOR, ".advice-table a[href='#ACT-03']").click()
    assert browser.execute_script("return document.querySelector(':target h3').textContent").startswith("Build up")


def test_every_rule_that_waits_is_a_click_away(opened: Any) -> None:
    browser = opened("minimal", "clinician")
    heading = browser.find_element(By.XPATH, "//summary[text()='Every rule that waits, and for what']")
    heading.click()
    waiting = heading.find_elements(By.XPATH, "..//li")
    assert len(waiting) == 120
    assert all(each.is_displayed() for each in waiting)


@pytest.mark.parametrize("edition", ["patient", "clinician"])
def test_on_a_telephone_nothing_lies_beside_the_page(edition: Edition, opened: Any, browser: webdriver.Chrome) -> None:
    phone = {"width": PHONE[0], "height": PHONE[1], "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        wide = opened("fibromyalgia", edition).execute_script("return document.documentElement.scrollWidth")
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide == PHONE[0]
