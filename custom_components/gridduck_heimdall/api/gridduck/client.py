"""Client of the GridDuck API.

Contract: gridduck-api.md.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aiohttp import hdrs
from yarl import URL

from ..addresses import checked_url, path_segment
from ..errors import BadRequest, ErrorReason, UnexpectedAnswer
from ..problems import is_page
from ..transport import Transport
from .assumed import (
    BOOST_FIELD,
    DATA_REQUESTS_PATH,
    ENDED,
    LONGEST_OVERRIDE,
    Feature,
    Granularity,
    TelemetryType,
    WireDataRequest,
    WireLink,
    WirePoint,
    data_request_body,
    data_request_link_body,
    data_request_link_path,
    data_request_path,
    data_request_status,
    telemetry_path,
    telemetry_query,
)
from .const import ASSETS_PATH, DEFAULT_LIMIT, POINTS_AGGREGATE, POINTS_INSTANTANEOUS, SNOOZE_FIELD
from .envelope import Envelope, ItemReader, Page, PageReader, without_unusable_ids
from .models import Asset, AssetList, DataLink, DataRequest, DataRequestList
from .offered import Offered
from .paging import PageLimit, async_all_pages
from .telemetry import TelemetrySeries, check_points, checked_window, series_of
from .timestamps import moment

_ASSETS = PageReader(Asset, Envelope[Asset])
_POINTS = PageReader(WirePoint, Envelope[WirePoint])
_DATA_REQUEST = ItemReader(WireDataRequest)
_DATA_REQUESTS = PageReader(WireDataRequest, Envelope[WireDataRequest])
_LINK = ItemReader(WireLink)
MOST_ARCHIVE_PAGES: Final = 50
"""Pages of the list of data requests that are read at most."""
# The kinds of calls that the meter distinguishes.
CONTROL_CALLS: Final = "control"
LIST_CALLS: Final = "list"
TELEMETRY_CALLS: Final = "telemetry"
_KINDS = {Feature.AGGREGATE: "aggregate", Feature.INSTANTANEOUS: "instantaneous"}


class GridDuckClient:
    """Calls the API of one account.

    Every method raises an `ApiError`; those of assumed endpoints raise `FeatureUnavailable` if the
    server does not offer them.

    Attributes:
        offered: the availability of the assumed endpoints.
    """

    def __init__(self, transport: Transport) -> None:
        """Take the transport of the account."""
        self.offered = Offered()
        self._transport = transport
        self._page_limit = PageLimit()

    @property
    def page_limit(self) -> int | None:
        """The requested page size; None if the server accepts no query."""
        return self._page_limit.accepted

    def is_host(self, url: URL) -> bool:
        """Return whether an address is on the host of the service itself."""
        return self._transport.is_host(url)

    def is_local(self, link: str) -> bool:
        """Return whether a link leads to the service itself on loopback, as a simulated one."""
        return self._transport.is_local(link)

    async def async_list_assets(self) -> AssetList:
        """List all assets of the account, with the largest pages that the server accepts.

        Contract: gridduck-api.md, "List assets".

        Raises:
            BadRequest: the server refuses the request even without a query.
        """
        refused: BadRequest | None = None
        for limit in self._page_limit.candidates():
            try:
                listed = await async_all_pages(self._async_page, limit)
            except BadRequest as error:
                refused = error
            else:
                self._page_limit.accept(limit)
                return listed
        raise refused or UnexpectedAnswer("The list cannot be asked for")

    async def async_boost(self, asset_id: str, seconds: int) -> None:
        """Boost an asset, replacing a snooze.

        Contract: gridduck-api.md, Part 2.

        Args:
            asset_id: the asset.
            seconds: how long from now, 1 to 86,400.

        Raises:
            FeatureUnavailable: this server does not boost.
            ValueError: `seconds` is out of range; nothing was sent.
        """
        _check_seconds(seconds)
        with self.offered.assumed(Feature.BOOST):
            await self._async_control(asset_id, {BOOST_FIELD: seconds})

    async def async_snooze(self, asset_id: str, seconds: int) -> None:
        """Snooze an asset, replacing a boost.

        Contract: gridduck-api.md, "Snooze an asset".

        Args:
            asset_id: the asset.
            seconds: how long from now, 1 to 86,400.

        Raises:
            NotFound: there is no such asset.
            ValueError: `seconds` is out of range; nothing was sent.
        """
        _check_seconds(seconds)
        await self._async_control(asset_id, {SNOOZE_FIELD: seconds})

    async def async_end_boost(self, asset_id: str) -> None:
        """End a running boost.

        Contract: gridduck-api.md, Part 2.

        Raises:
            FeatureUnavailable: this server does not boost.
        """
        with self.offered.assumed(Feature.BOOST):
            await self._async_control(asset_id, {BOOST_FIELD: ENDED})

    async def async_end_snooze(self, asset_id: str) -> None:
        """End a running snooze.

        Contract: gridduck-api.md, "Snooze an asset" and Part 2.

        Raises:
            NotFound: there is no such asset.
        """
        await self._async_control(asset_id, {SNOOZE_FIELD: ENDED})

    async def async_telemetry_aggregate(
        self,
        asset_id: str,
        of_type: TelemetryType,
        start: datetime,
        end: datetime,
        granularity: Granularity,
    ) -> TelemetrySeries:
        """Return totals over intervals, for instance energy in Wh; at most 1,000.

        Contract: gridduck-api.md, "Telemetry" and Part 2.

        Raises:
            FeatureUnavailable: this server does not offer telemetry at the assumed address.
            ValueError: times without a zone, an empty window or too long a one; nothing was sent.
        """
        check_points(start, end, granularity, POINTS_AGGREGATE)
        return await self._async_telemetry(
            Feature.AGGREGATE, asset_id, of_type, start, end, granularity
        )

    async def async_telemetry_instantaneous(
        self,
        asset_id: str,
        of_type: TelemetryType,
        start: datetime,
        end: datetime,
        granularity: Granularity,
    ) -> TelemetrySeries:
        """Return averages at points in time, demand in W or temperature in °C; at most 48.

        Contract and errors: as `async_telemetry_aggregate`.
        """
        check_points(start, end, granularity, POINTS_INSTANTANEOUS)
        return await self._async_telemetry(
            Feature.INSTANTANEOUS, asset_id, of_type, start, end, granularity
        )

    async def async_create_data_request(
        self,
        asset_ids: Sequence[str],
        of_type: TelemetryType,
        start: datetime,
        end: datetime,
        granularity: Granularity,
    ) -> DataRequest:
        """Create a data request, to be downloaded once it is ready.

        Contract: gridduck-api.md, "Data download" and Part 2.

        Raises:
            FeatureUnavailable: this server does not offer data requests at the assumed address.
            ValueError: no asset, times without a zone or an empty window; nothing was sent.
        """
        checked_window(start, end)
        if not asset_ids:
            raise ValueError("A data request needs an asset")
        body = data_request_body(asset_ids, of_type, start, end, granularity)
        with self.offered.assumed(Feature.DATA_DOWNLOAD):
            answer = await self._transport.request(
                hdrs.METH_POST, DATA_REQUESTS_PATH, json=body, proof=self._async_prove
            )
            return _data_request(answer)

    async def async_data_request(self, request_id: str) -> DataRequest:
        """Return the status of a data request.

        Contract: gridduck-api.md, "Data download" and Part 2.

        Raises:
            FeatureUnavailable: this server does not offer data requests at the assumed address.
        """
        path = data_request_path(request_id)
        with self.offered.assumed(Feature.DATA_DOWNLOAD):
            answer = await self._transport.request(hdrs.METH_GET, path, proof=self._async_prove)
            return _data_request(answer)

    async def async_data_request_link(self, request_id: str) -> str:
        """Return the short-lived link of a finished data request, which needs no token.

        Contract: gridduck-api.md, "Data download" and Part 2.

        Raises:
            FeatureUnavailable: this server does not offer data requests at the assumed address,
                or its link is not https.
        """
        with self.offered.assumed(Feature.DATA_DOWNLOAD):
            return (await self._async_link(request_id)).url

    async def async_list_data_requests(self) -> DataRequestList:
        """List the data requests of the account, whichever application created them.

        Contract: gridduck-api.md, Part 2.

        Raises:
            FeatureUnavailable: this server does not offer the list at the assumed address.
        """
        found, seen, complete = dict[str, WireDataRequest](), 0, False
        with self.offered.assumed(Feature.DATA_ARCHIVE):
            for _ in range(MOST_ARCHIVE_PAGES):
                query = _page_query(seen, self.page_limit)
                body = await self._transport.request(
                    hdrs.METH_GET, DATA_REQUESTS_PATH, params=query, proof=self._async_prove
                )
                page = without_unusable_ids(_DATA_REQUESTS.read(body))
                before, total = len(found), page.pagination.total
                found |= {one.id: one for one in page.items}
                seen += page.entries
                complete = page.entries < DEFAULT_LIMIT if total is None else seen >= total
                if complete or query is None or len(found) == before:
                    break
        requests = tuple(map(_data_request_of, found.values()))
        return DataRequestList(requests=requests, complete=complete)

    async def async_shared_link(self, request_id: str, seconds: int) -> DataLink:
        """Return an address that can be shared, to download a ready data request from.

        Contract: gridduck-api.md, Part 2.

        Args:
            request_id: the data request.
            seconds: for how long the address is to work; the server may grant less.

        Raises:
            FeatureUnavailable: as `async_data_request_link`, or this data request has no link.
        """
        body = data_request_link_body(seconds)
        with self.offered.assumed(Feature.DATA_ARCHIVE):
            link = await self._async_link(request_id, body)
        granted = seconds if link.expires_in is None else link.expires_in
        return DataLink(url=link.url, expires_in=min(max(granted, 0), seconds))

    async def async_delete_data_request(self, request_id: str) -> None:
        """Delete a data request with its files. It is not retried: a retry would find nothing.

        Contract: gridduck-api.md, Part 2.

        Raises:
            FeatureUnavailable: this server deletes none, or not this one.
        """
        path = data_request_path(request_id)
        with self.offered.assumed(Feature.DATA_ARCHIVE):
            answer = await self._transport.request(
                hdrs.METH_DELETE, path, proof=self._async_prove, retry=False
            )
            _check_no_page(answer)

    async def _async_link(self, request_id: str, body: object = None) -> WireLink:
        """Return a link as it is sent, if it may be followed."""
        answer = await self._transport.request(
            hdrs.METH_POST, data_request_link_path(request_id), json=body, proof=self._async_prove
        )
        link = _LINK.read(answer)
        try:
            checked_url(link.url)
        except ValueError as err:
            unusable = UnexpectedAnswer(f"The download link is not usable: {err}")
            raise unusable.because(ErrorReason.LINK_UNUSABLE) from None
        return link

    async def _async_prove(self) -> None:
        """Fetch a page of assets, in the form that this server accepts."""
        query = _page_query(0, self.page_limit)
        await self._transport.request(hdrs.METH_GET, ASSETS_PATH, params=query, kind=LIST_CALLS)

    async def _async_page(self, offset: int, limit: int | None) -> Page[Asset]:
        query = _page_query(offset, limit)
        body = await self._transport.request(
            hdrs.METH_GET, ASSETS_PATH, params=query, kind=LIST_CALLS
        )
        return without_unusable_ids(_ASSETS.read(body))

    async def _async_control(self, asset_id: str, command: dict[str, int]) -> None:
        path = ASSETS_PATH + path_segment(asset_id)
        answer = await self._transport.request(
            hdrs.METH_PUT, path, json=command, kind=CONTROL_CALLS, proof=self._async_prove
        )
        _check_no_page(answer)

    async def _async_telemetry(
        self,
        feature: Feature,
        asset_id: str,
        of_type: TelemetryType,
        start: datetime,
        end: datetime,
        granularity: Granularity,
    ) -> TelemetrySeries:
        query = telemetry_query(of_type, start, end, granularity)
        path = telemetry_path(asset_id, _KINDS[feature])
        with self.offered.assumed(feature):
            body = await self._transport.request(
                hdrs.METH_GET,
                path,
                params=query,
                kind=TELEMETRY_CALLS,
                proof=self._async_prove,
                retry=self.offered.works(feature),
            )
            return series_of(_POINTS.read(body), asset_id, of_type, granularity)


def _page_query(offset: int, limit: int | None) -> dict[str, str] | None:
    return None if limit is None else {"offset": str(offset), "limit": str(limit)}


def _check_seconds(seconds: int) -> None:
    if not 1 <= seconds <= LONGEST_OVERRIDE:
        raise ValueError(f"A boost or a snooze lasts 1 to {LONGEST_OVERRIDE} seconds")


def _check_no_page(answer: bytes) -> None:
    # Success is 204, without a body. A login portal answers everything with a page and 200.
    if answer and is_page(answer):
        raise UnexpectedAnswer("The answer is a web page").because(ErrorReason.WEB_PAGE)


def _data_request(body: bytes) -> DataRequest:
    return _data_request_of(_DATA_REQUEST.read(body))


def _data_request_of(sent: WireDataRequest) -> DataRequest:
    return DataRequest(
        id=sent.id,
        status=data_request_status(sent.status),
        created=moment(sent.created),
        asset_ids=tuple(sent.asset_ids or ()),
        start=moment(sent.start),
        end=moment(sent.end),
        granularity=sent.granularity,
        type=sent.type,
    )
