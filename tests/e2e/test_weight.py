"""A first visit is light, asks nobody else, leaves nothing behind, and runs under a strict content security policy."""

from collections.abc import Callable

import pytest

BUDGET = 100_000  # bytes over the wire, headers and all
PAGES = ["/da/leverandoerer/", "/sv/leverantorer/?q=städning", "/en/suppliers/?show=offers", "/da/"]


@pytest.mark.parametrize("path", PAGES)
def test_first_visit_stays_within_the_budget(visit: Callable, path: str) -> None:
    visitor = visit()
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    received: list[float] = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    assert len(received) >= 5  # page, style sheet, font, pictograms, scripts
    assert sum(received) <= BUDGET, f"{sum(received):,.0f} bytes in {len(received)} answers"


@pytest.mark.parametrize("path", [*PAGES, "/da/soeg/?q=a", "/da/findes-ikke/"])
def test_no_cookie_no_third_party_no_storage(visit: Callable, path: str) -> None:
    visitor = visit()
    page = visitor.go(path)
    page.wait_for_load_state("networkidle")
    assert visitor.context.cookies() == []
    assert visitor.foreign_requests() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert visitor.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_content_security_policy_allows_nothing_inline(visit: Callable, path: str) -> None:
    visitor = visit()
    response = visitor.page.goto(visitor.site + path)
    policy = response.header_value("content-security-policy") or ""
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    for kind in ("script-src", "style-src"):
        allowed = rules.get(kind, rules.get("default-src", ""))
        assert "'self'" in allowed
        assert "unsafe" not in allowed
    assert visitor.page.locator("[style]").count() == 0
    assert visitor.page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0
    assert visitor.page.locator("style").count() == 0
