"""Photographs a running site: front page, directory and a supplier, in three languages, on a telephone and on a desk.

    python docs/screenshots.py http://localhost:8000 --to var/screenshots     everything
    python docs/screenshots.py http://localhost:8000 --readme                 what README.md shows, into docs/images/

Needs Chromium and the development dependencies.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

WIDTHS = (390, 1280)
DIRECTORIES = {"da": "/da/leverandoerer/", "sv": "/sv/leverantorer/", "en": "/en/suppliers/"}
SEARCHES = {"da": "?q=rengøring", "sv": "?q=städning&place=SE/18&place=DK/1082/0751", "en": "?q=cleaning"}
SUPPLIER = "baekbo-rengoering/"
# What the README shows: name, address, width, height of the window, colour scheme.
README = (
    ("home", "/da/", 1280, 1150, "light"),
    ("directory", DIRECTORIES["sv"] + SEARCHES["sv"], 1280, 1150, "light"),
    ("supplier-dark", DIRECTORIES["en"] + SUPPLIER, 1280, 1150, "dark"),
)
LARGEST = 150_000  # bytes of a picture in the repository


def pages() -> Iterator[tuple[str, str]]:
    """(name, path) of everything that is photographed."""
    for language, directory in DIRECTORIES.items():
        yield f"home.{language}", f"/{language}/"
        yield f"directory.{language}", directory + SEARCHES[language]
        yield f"supplier.{language}", directory + SUPPLIER


def photograph(
    browser: Browser, url: str, width: int, height: int = 900, scheme: str = "light", *, whole: bool
) -> bytes:
    """A PNG of the page as it is when everything has arrived."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        page = context.new_page()
        response = page.goto(url, wait_until="networkidle")
        if response is None or not response.ok:
            sys.exit(f"{url} does not answer as it should")
        return page.screenshot(full_page=whole)
    finally:
        context.close()


def write_small(picture: bytes, target: Path) -> None:
    """As PNG with as many colours as fit below the largest size that the repository takes."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        image.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            return
    sys.exit(f"{target} stays larger than {LARGEST} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", help="address of a running site with the demo content")
    parser.add_argument("--to", type=Path, default=Path("var/screenshots"), help="folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="only the pictures of README.md")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is not installed.")
    site = options.site.rstrip("/")
    folder = Path(__file__).parent / "images" if options.readme else options.to
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if options.readme:
            for name, path, width, height, scheme in README:
                write_small(
                    photograph(browser, site + path, width, height, scheme, whole=False), folder / f"{name}.png"
                )
        else:
            for name, path in pages():
                for width in WIDTHS:
                    target = folder / f"{name}-{width}.png"
                    target.write_bytes(photograph(browser, site + path, width, whole=True))
        browser.close()
    print(f"{folder}: {len(list(folder.iterdir()))} pictures")


if __name__ == "__main__":
    main()
