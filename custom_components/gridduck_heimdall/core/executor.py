"""Wait for blocking jobs, which cannot be interrupted."""

import asyncio

from homeassistant.core import HomeAssistant


async def async_finish[T](hass: HomeAssistant, job: asyncio.Future[T]) -> T:
    """Return the result of a job in an executor; a cancelled caller waits until the job ends.

    Home Assistant waits for it too when it stops. Otherwise the recorder would close its SQLite
    connections while the job reads through one of them, which crashes the process.
    """
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        # A task of its own: Home Assistant does not wait for those that it has cancelled.
        waiting = hass.async_create_task(asyncio.wait((job,)), "wait for a blocking job")
        await asyncio.wait((waiting,))
        raise
