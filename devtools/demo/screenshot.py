"""A picture of the running demo: `script/screenshot [PATH [FILE]]`."""

import argparse
import asyncio
from pathlib import Path
import sys
from typing import Final

from playwright.async_api import Error, ViewportSize, async_playwright

from ..ports import is_free, read_ports
from ..settings import HOST, ROOT
from .dashboard import OWN_PATH
from .serve import DIRECTORY

_FILE: Final = ROOT / "docs" / "images" / "dashboard-overview.png"
_WINDOW: Final = ViewportSize(width=1360, height=940)
# The user interface is large, and goes on drawing after it has loaded.
_LOADED_MS: Final = 90_000
_PAINT_SECONDS: Final = 14
# It stays on this machine, also where nothing else is reachable.
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main() -> int:
    """Take the picture; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/screenshot", description=__doc__)
    parser.add_argument("browser", help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", default=f"{OWN_PATH}/overview", help="path of the page")
    parser.add_argument("file", nargs="?", default=_FILE, type=Path, help="where the picture goes")
    arguments = parser.parse_args()
    ports = read_ports(DIRECTORY)
    if ports is None or is_free(ports.hass):
        print("screenshot: no demo is running: start script/demo first", file=sys.stderr)
        return 1
    url = f"http://{HOST}:{ports.hass}/{arguments.path}"
    arguments.file.parent.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_take(arguments.browser, url, arguments.file))
    except Error as error:
        print(f"screenshot: {error.message}", file=sys.stderr)
        return 1
    print(arguments.file)
    return 0


async def _take(browser_path: str, url: str, file: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=[*_FLAGS])
        page = await browser.new_page(viewport=_WINDOW, locale="en-GB")
        await page.goto(url)
        # First it is sent away to log in, which needs no one's help, and then comes back.
        await page.locator("home-assistant-main").wait_for(timeout=_LOADED_MS)
        await page.locator("#ha-launch-screen").wait_for(state="detached", timeout=_LOADED_MS)
        await asyncio.sleep(_PAINT_SECONDS)
        await page.screenshot(path=file)
        await browser.close()


if __name__ == "__main__":
    sys.exit(main())
