"""A person's browser: one page, how it is set, and what it reports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
import json
from pathlib import Path
from typing import Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    StorageState,
    ViewportSize,
    expect,
)

from devtools.settings import HOST

from .home import Home

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request to another machine fails, and is an error on the console.
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {HOST}",
    # The same letters and lines on each machine.
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
PATIENCE_MS: Final = 60_000
"""How long a condition may take; a slow machine loads the user interface in half of it."""
OWN: Final = "gridduck-heimdall"
"""What the names of our elements begin with."""

# The page's clock is that of Home Assistant. Playwright's own would replace all timers too.
_SHIFT: Final = """({ shift, still }) => {
  const Real = Date;
  const now = () => still ?? Real.now() + shift;
  globalThis.Date = class Date extends Real {
    constructor(...values) { values.length ? super(...values) : super(now()); }
    static now() { return now(); }
  };
}"""
# All elements, also those inside of shadow roots.
DEEP: Final = """function* deep(root) {
  for (const one of root.querySelectorAll("*")) {
    yield one;
    if (one.shadowRoot) yield* deep(one.shadowRoot);
  }
}"""
_RESIZE: Final = "ResizeObserver loop"
# What Home Assistant says in its own name, whatever is on the page.
_NOT_OURS: Final = ("/api/brands/", "https://demo.home-assistant.io/")
_MISSING: Final = f"""() => {{
  {DEEP}
  const broken = /^hui-(error-|warning$)/;
  return [...deep(document)].flatMap((one) => {{
    const absent = one.localName.startsWith("{OWN}") && !customElements.get(one.localName);
    const text = (one.shadowRoot ?? one).textContent.trim().slice(0, 200);
    return absent || broken.test(one.localName) ? [`${{one.localName}}: ${{text}}`] : [];
  }});
}}"""
_GO: Final = f"""(path) => {{
  {DEEP}
  if (location.pathname === path) return null;
  const view = [...deep(document)].find((one) => one.localName === "hui-view");
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", {{ detail: {{}} }}));
  return view;
}}"""
_ANOTHER_VIEW: Final = f"""(left) => {{
  {DEEP}
  const view = [...deep(document)].find((one) => one.localName === "hui-view");
  return view && view !== left && view.childElementCount > 0;
}}"""
_IS_BACK: Final = "() => !history.state?.dialog"
_TOO_WIDE: Final = f"""() => {{
  {DEEP}
  return [...deep(document)].flatMap((one) => {{
    const {{ left, right }} = one.getBoundingClientRect();
    return one.localName.startsWith("{OWN}") && (left < -1 || right > innerWidth + 1)
      ? [`${{one.localName}}: ${{left}} to ${{right}} of ${{innerWidth}}`] : [];
  }});
}}"""


@dataclass(frozen=True, kw_only=True)
class Mode:
    """How a person looks at Home Assistant.

    Attributes:
        name: what tests are called.
        dark: whether the system is dark.
        width: of the window.
        height: of the window.
        phone: whether it is one, with fingers in place of a mouse.
        language: of the user.
        forced: whether the system forces its colours, as contrast themes of Windows do.
        zone: the time zone of the browser.
    """

    name: str
    dark: bool = False
    width: int = 1360
    height: int = 940
    phone: bool = False
    language: str = "en"
    forced: bool = False
    zone: str = "Europe/London"


LIGHT: Final = Mode(name="light")
DARK: Final = Mode(name="dark", dark=True)
PHONE: Final = Mode(name="phone", phone=True, width=390, height=844)
GERMAN: Final = Mode(name="german", language="de")
NORWEGIAN: Final = Mode(name="norwegian", language="nb")
JAPANESE: Final = Mode(name="japanese", language="ja")
HEBREW: Final = Mode(name="hebrew", language="he")
"""From right to left."""
MODES: Final = (LIGHT, DARK, PHONE, GERMAN)


@dataclass(kw_only=True)
class Visitor:
    """A person who looks at Home Assistant.

    Attributes:
        page: what they look at.
        home: what they visit.
        console: all that the page has reported.
        errors: the part of it that nothing should report.
    """

    page: Page
    home: Home
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the page."""
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._on_console)
        self.page.on("pageerror", self._on_error)

    async def open(self, path: str) -> None:
        """Load a page of Home Assistant, and wait until it is there."""
        await self.page.goto(f"{self.home.hass.url}/{path}")
        # First it is sent away to log in, which needs no password, and then comes back.
        await self.page.locator("home-assistant-main").wait_for()
        await self.page.locator("#ha-launch-screen").wait_for(state="detached")

    async def go(self, path: str) -> None:
        """Open another view of a dashboard as a link does, without loading all anew."""
        left = await self.page.evaluate_handle(_GO, f"/{path}")
        await self.page.wait_for_function(_ANOTHER_VIEW, arg=left)

    async def leave(self, dialog: Locator) -> None:
        """Wait until a dialog is closed, and the page is back where it was before.

        Home Assistant goes back in the history of the page after it has closed a dialog. That
        would undo what is opened meanwhile.
        """
        await expect(dialog).to_be_hidden()
        await self.page.wait_for_function(_IS_BACK)

    async def missing(self) -> list[str]:
        """Return the elements that are not there, or stand for an error."""
        found: list[str] = await self.page.evaluate(_MISSING)
        return found

    async def too_wide(self) -> list[str]:
        """Return the elements of ours that reach beyond the window."""
        found: list[str] = await self.page.evaluate(_TOO_WIDE)
        return found

    async def leave_evidence(self, path: Path) -> None:
        """Write a screenshot and what the page has reported to `path` with .png and .log."""
        await self.page.screenshot(path=path.with_suffix(".png"))
        content = "\n".join([self.page.url, *self.console, ""])
        await asyncio.to_thread(path.with_suffix(".log").write_text, content)

    def reported(self) -> list[str]:
        """Return the errors that the page has reported since the last call."""
        found, self.errors = self.errors, []
        return found

    def _on_console(self, message: ConsoleMessage) -> None:
        where = message.location["url"]
        text = f"{message.type}: {message.text} ({where})"
        self.console.append(text)
        if message.type == "error" and not any(each in where for each in _NOT_OURS):
            self.errors.append(text)

    def _on_error(self, error: Error) -> None:
        text = f"uncaught {error.name}: {error.message}\n{error.stack}"
        self.console.append(text)
        # What is left to the next frame, as the standard has it, is no error.
        if _RESIZE not in error.message:
            self.errors.append(text)


class People:
    """All who visit Home Assistant.

    Attributes:
        home: what they visit.
        present: those who are there.
    """

    def __init__(self, browser: Browser, home: Home) -> None:
        """Start without anyone, and without a login."""
        self.home = home
        self.present: list[Visitor] = []
        self._browser = browser
        self._login: StorageState | None = None
        self._profiles: dict[bool, BrowserContext] = {}
        self._leaving = AsyncExitStack()

    async def leave(self) -> None:
        """Close the profiles of the administrator."""
        await self._leaving.aclose()
        self._profiles.clear()

    @asynccontextmanager
    async def visit(
        self, mode: Mode = LIGHT, still: datetime | None = None
    ) -> AsyncIterator[Visitor]:
        """Let the administrator come, whose browser has the code of earlier visits.

        That saves a second of each. The computer and the phone each have a profile.

        Args:
            mode: how they look at Home Assistant.
            still: the time on the clock of the browser, if that does not run.
        """
        login = await self._administrator(mode)
        if (profile := self._profiles.get(mode.phone)) is None:
            context = self._context(phone=mode.phone, login=login)
            profile = await self._leaving.enter_async_context(context)
            self._profiles[mode.phone] = profile
        async with self._page(profile, mode, still) as one:
            yield one

    @asynccontextmanager
    async def visit_first(
        self, mode: Mode = LIGHT, login: StorageState | None = None
    ) -> AsyncIterator[Visitor]:
        """Let a person come for the first time, whose browser has no code yet.

        Args:
            mode: how they look at Home Assistant; the language is that of the administrator.
            login: what another user's browser has stored; None is the administrator.
        """
        if login is None:
            login = await self._administrator(mode)
        async with (
            self._context(phone=mode.phone, login=login) as context,
            self._page(context, mode) as one,
        ):
            yield one

    @asynccontextmanager
    async def _page(
        self, context: BrowserContext, mode: Mode, still: datetime | None = None
    ) -> AsyncIterator[Visitor]:
        page = await context.new_page()
        one = Visitor(page=page, home=self.home)
        self.present.append(one)
        try:
            await page.set_viewport_size(ViewportSize(width=mode.width, height=mode.height))
            await page.emulate_media(
                color_scheme="dark" if mode.dark else "light",
                forced_colors="active" if mode.forced else "none",
                reduced_motion="reduce",
            )
            session = await context.new_cdp_session(page)
            await session.send("Emulation.setTimezoneOverride", {"timezoneId": mode.zone})
            clock = {"shift": self.home.shift.total_seconds() * 1000}
            if still is not None:
                clock["still"] = still.timestamp() * 1000
            await page.add_init_script(f"({_SHIFT})({json.dumps(clock)})")
            yield one
        finally:
            self.present.remove(one)
            await page.close()

    async def _administrator(self, mode: Mode) -> StorageState:
        """Return what the browser of the administrator has stored: there is no password.

        The administrator gets the language of the mode.
        """
        if self._login is None:
            async with (
                self._context(phone=False, login=None) as context,
                self._page(context, LIGHT) as one,
            ):
                await one.open("profile")
                self._login = await context.storage_state()
        await set_language(self.home, mode.language)
        return self._login

    @asynccontextmanager
    async def _context(
        self, *, phone: bool, login: StorageState | None
    ) -> AsyncIterator[BrowserContext]:
        context = await self._browser.new_context(
            is_mobile=phone, has_touch=phone, locale="en-GB", storage_state=login
        )
        try:
            yield context
        finally:
            await context.close()


async def set_language(home: Home, language: str) -> None:
    """Set the language of the user, as their profile does."""
    formats = ("number_format", "time_format", "date_format", "first_weekday")
    value = {"language": language, "time_zone": "local", **dict.fromkeys(formats, "language")}
    await home.hass.command("frontend/set_user_data", object, key="language", value=value)
