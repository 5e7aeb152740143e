"""Serve the Home Assistant of the tests until Ctrl-C: `script/browser-test --serve`."""

import asyncio

from .home import launched


async def _serve() -> None:
    async with launched() as home:
        print(f"{home.hass.url}\nscript/browser-test --running runs the tests on it.", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
