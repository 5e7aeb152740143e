"""A new, empty database on a server, for the recorder of one test (`script/test-databases`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from freezegun import api as freezegun
from pymysql import converters
from sqlalchemy import NullPool, create_engine, make_url, text


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Yield the address of a database that lives as long as the context.

    Args:
        server: the address of the server, without a database.
    """
    # MariaDB's driver has to write the times of a moved clock as it writes all others.
    converters.conversions[freezegun.FakeDatetime] = converters.escape_datetime
    url = make_url(server)
    name = f"recorder_{uuid4().hex}"
    engine = create_engine(
        url.set(database="postgres" if url.drivername == "postgresql" else "mysql"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield url.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
