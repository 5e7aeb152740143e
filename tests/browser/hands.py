"""How a person uses a page: by mouse, or by keyboard alone."""

from abc import ABC, abstractmethod
from typing import Final, override

from playwright.async_api import Locator, Page, expect

# Whether the element, one inside of it, or the host that it is the inside of has the focus.
_HAS_FOCUS: Final = """(one) => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (one.getRootNode().host === focused) return true;
  for (; focused; focused = focused.assignedSlot ?? focused.parentNode ?? focused.host)
    if (focused === one) return true;
  return false;
}"""
_TABS: Final = 150
"""More than any page has that is tested."""
_SAME: Final = 15
"""Tabs after which the element is looked for again."""


class Hands(ABC):
    """What uses the elements of a page."""

    def __init__(self, page: Page) -> None:
        """Take the page."""
        self.page = page

    @abstractmethod
    async def press(self, what: Locator) -> None:
        """Press a button or a link."""

    @abstractmethod
    async def toggle(self, what: Locator) -> None:
        """Turn a switch, or open a section or a list."""

    @abstractmethod
    async def enter(self, field: Locator, text: str) -> None:
        """Replace the text of a field."""

    @abstractmethod
    async def choose(self, option: Locator) -> None:
        """Choose one of several radio buttons."""

    async def pick(self, select: Locator, option: str) -> None:
        """Pick an option of a list that opens."""
        await self.toggle(select)
        await self._pick(self.page.get_by_role("menuitem", name=option))
        await expect(select).to_contain_text(option)

    @abstractmethod
    async def select(self, group: Locator, item: Locator) -> None:
        """Press an item of a list, in which the arrow keys move."""

    @abstractmethod
    async def _pick(self, item: Locator) -> None:
        """Pick an item of the list that is open."""


class Mouse(Hands):
    """A mouse, or a finger; text still comes from the keyboard."""

    @override
    async def press(self, what: Locator) -> None:
        await what.click()

    @override
    async def toggle(self, what: Locator) -> None:
        if await what.get_attribute("role") == "switch":
            # What one sees of a switch lies above what is one for a screen reader, in one label.
            what = what.locator("xpath=..")
        await what.click()

    @override
    async def enter(self, field: Locator, text: str) -> None:
        await field.click()
        await field.fill(text)

    @override
    async def choose(self, option: Locator) -> None:
        await option.click()
        await expect(option).to_be_checked()

    @override
    async def select(self, group: Locator, item: Locator) -> None:
        await item.click()

    @override
    async def _pick(self, item: Locator) -> None:
        await item.click()


class Keyboard(Hands):
    """A keyboard alone."""

    async def reach(self, what: Locator) -> None:
        """Move the focus to an element, as Tab does.

        Raises:
            AssertionError: the element cannot be reached.
        """
        for turn in range(_TABS):
            # To find an element takes longer than all else, but it may be drawn anew meanwhile.
            if turn % _SAME == 0:
                element = await what.element_handle()
            if await element.evaluate(_HAS_FOCUS):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {what}")

    @override
    async def press(self, what: Locator) -> None:
        await self.reach(what)
        await self.page.keyboard.press("Enter")

    @override
    async def toggle(self, what: Locator) -> None:
        await self.reach(what)
        # Enter would submit the form around it.
        await self.page.keyboard.press("Space")

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

    @override
    async def select(self, group: Locator, item: Locator) -> None:
        await self.reach(group)
        await self._go_down(item, await group.get_by_role("button").count())
        await self.page.keyboard.press("Enter")

    @override
    async def _pick(self, item: Locator) -> None:
        await item.wait_for()
        await self._go_down(item, await self.page.get_by_role("menuitem").count())
        await self.page.keyboard.press("Enter")

    async def _go_down(self, item: Locator, items: int) -> None:
        """Move the focus from an item of a list to another one.

        Raises:
            AssertionError: the item cannot be reached.
        """
        # At first, none may have it.
        for _ in range(items + 1):
            if await item.evaluate(_HAS_FOCUS):
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrow keys do not reach {item}")
