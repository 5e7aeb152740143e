"""How a person uses a page: by mouse, or by keyboard alone."""

from abc import ABC, abstractmethod
from typing import Final, override

from playwright.async_api import Locator, Page, expect

# Whether the element, or one inside of it, has the focus.
_HAS_FOCUS: Final = """(one) => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  for (; focused; focused = focused.assignedSlot ?? focused.parentNode ?? focused.host)
    if (focused === one) return true;
  return false;
}"""
_TABS: Final = 150
"""More than any page has that is tested."""


class Hands(ABC):
    """What uses the elements of a page."""

    def __init__(self, page: Page) -> None:
        """Take the page."""
        self.page = page

    @abstractmethod
    async def press(self, what: Locator, key: str = "Enter") -> None:
        """Press a button or a link, or switch something; `key` does it by keyboard."""

    @abstractmethod
    async def enter(self, field: Locator, text: str) -> None:
        """Replace the text of a field."""

    @abstractmethod
    async def choose(self, option: Locator) -> None:
        """Choose one of several radio buttons."""


class Mouse(Hands):
    """A mouse, or a finger; text still comes from the keyboard."""

    @override
    async def press(self, what: Locator, key: str = "Enter") -> None:
        await what.click()

    @override
    async def enter(self, field: Locator, text: str) -> None:
        await field.click()
        await field.fill(text)

    @override
    async def choose(self, option: Locator) -> None:
        await option.click()
        await expect(option).to_be_checked()


class Keyboard(Hands):
    """A keyboard alone."""

    async def reach(self, what: Locator) -> None:
        """Move the focus to an element, as Tab does.

        Raises:
            AssertionError: the element cannot be reached.
        """
        await what.wait_for()
        for _ in range(_TABS):
            if await what.evaluate(_HAS_FOCUS):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {what}")

    @override
    async def press(self, what: Locator, key: str = "Enter") -> None:
        await self.reach(what)
        await self.page.keyboard.press(key)

    @override
    async def enter(self, field: Locator, text: str) -> None:
        await self.reach(field)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(text)

    @override
    async def choose(self, option: Locator) -> None:
        group = option.locator("xpath=ancestor::*[@role='radiogroup' or self::ha-radio-group][1]")
        await self.reach(group)
        for _ in range(await group.get_by_role("radio").count()):
            if await option.is_checked():
                return
            await self.page.keyboard.press("ArrowDown")
        await expect(option).to_be_checked()
